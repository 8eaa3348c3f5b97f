import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { describe, expect, inject, test } from "vitest";
import { node, succeed } from "../src/command.js";
import { readmeBlocks } from "../src/readme.js";
import { typecheck } from "../src/typecheck.js";

const blocks = readmeBlocks().filter(({ language }) => language !== "sh");

describe("in an empty project with the packed packages", () => {
  for (const { readme, line, language, code, notRun } of blocks) {
    if (notRun !== undefined) {
      test.skip(`the ${language} block in ${readme} at line ${line} runs (skipped: ${notRun})`, () => {});
      continue;
    }
    test(`the ${language} block in ${readme} at line ${line} runs`, async () => {
      const folder = emptyFolder();
      const script = language === "ts" ? (await transform(code, { loader: "ts", target: "es2022" })).code : code;
      writeFileSync(join(folder, "example.js"), script);
      await succeed(node(["example.js"], folder));
    });
  }

  test("the ts blocks of the READMEs have no type errors", async () => {
    const folder = emptyFolder();
    for (const { readme, line, language, code } of blocks) {
      if (language !== "ts") continue;
      writeFileSync(join(folder, `${readme.replaceAll("/", "-")}-${line}.ts`), `${code}export {};\n`);
    }
    writeFileSync(join(folder, "none.ts"), "export {};\n");
    expect(await typecheck(folder, { module: "nodenext", moduleResolution: "nodenext" })).toBe("");
  });
});

function emptyFolder(): string {
  const examples = join(inject("project"), "examples");
  mkdirSync(examples, { recursive: true });
  return mkdtempSync(join(examples, "example-"));
}
