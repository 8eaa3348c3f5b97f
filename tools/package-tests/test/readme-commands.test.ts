import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { bash, succeed } from "../src/command.js";
import { readmeBlocks } from "../src/readme.js";
import { workingCopy } from "../src/working-copy.js";
import { root } from "../src/workspace.js";

const blocks = readmeBlocks().filter(({ language }) => language === "sh");
const installs = blocks.filter(({ code }) => code.split("\n").every((line) => /^(npm install .*)?$/.test(line)));
const commands = blocks.filter((block) => !installs.includes(block));

test.each(installs)("what $readme installs at line $line is there", ({ code }) => {
  const names = code.split(/\s+/).filter((word) => !["npm", "install", ""].includes(word) && !word.startsWith("-"));
  const missing = names.filter((name) => !existsSync(join(inject("project"), "node_modules", name)));
  expect(missing).toEqual([]);
});

describe.runIf(commands.length > 0 && process.platform !== "win32")("in a fresh copy of the repository", () => {
  // The installed commands (`charlstm`) are on the PATH, and builds come from this repository's cache.
  const copy = () => join(inject("project"), "..", "repository");
  const environment = () => ({
    PATH: `${join(inject("project"), "node_modules", ".bin")}:${process.env.PATH}`,
    TURBO_CACHE_DIR: join(root, ".turbo", "cache"),
  });

  beforeAll(() => workingCopy(copy()));

  for (const { readme, line, code, notRun } of commands) {
    if (notRun !== undefined) {
      test.skip(`the commands in ${readme} at line ${line} work (skipped: ${notRun})`, () => {});
    } else {
      test(`the commands in ${readme} at line ${line} work`, async () => {
        await succeed(bash(code, copy(), environment()));
      }, 300_000); // the first one of a clone installs and builds
    }
  }
});
