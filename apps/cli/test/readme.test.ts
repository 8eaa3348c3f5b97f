import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { completeProgram } from "../src/program.js";
import type { Io } from "../src/terminal/io.js";
import { withFlags } from "./flag-list.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const io: Io = {
  ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
  ...{ env: {}, folder: process.cwd(), invocation: "charlstm", signal: new AbortController().signal },
};

/** Every command that a user can name, with those within others. */
function commandsOf(program: Command, before = ""): { name: string; command: Command }[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .flatMap((command) => {
      const name = `${before}${command.name()}`;
      return [{ name, command }, ...commandsOf(command, `${name} `)];
    });
}

/** Written by `npx vitest run test/readme.test.ts -u`. */
test("the README has every command with its arguments, and its flags with units and defaults", async () => {
  const sections = commandsOf(await completeProgram(io)).map(({ name, command }) => {
    const usage = command.usage().replace("[options]", "").trim().replace(/\s+/g, " ");
    return { heading: `### \`charlstm ${`${name} ${usage}`.trim()}\``, command };
  });
  expect(sections.map(({ heading }) => heading).filter((heading) => !readme.includes(`${heading}\n`))).toEqual([]);
  await expect(withFlags(readme, sections)).toMatchFileSnapshot("../README.md");
});
