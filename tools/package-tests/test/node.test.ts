import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { command, node, succeed } from "../src/command.js";
import { publishedPackages } from "../src/workspace.js";

const entries = publishedPackages.flatMap((published) => published.entries);
// `charlstm` and `@charlstm/cli` install the same one.
const commands = new Set(publishedPackages.flatMap((published) => published.commands));

describe("in an empty project with the packed packages", () => {
  test.each(entries)("%s is imported by ESM JavaScript, exports something and prints nothing", async (entry) => {
    const script = `
      const before = Object.keys(globalThis);
      const names = Object.keys(await import(${JSON.stringify(entry)}));
      if (names.length === 0) throw new Error("no exports");
      // TensorFlow.js keeps its engine in globals of its own; ours would have other names.
      const added = Object.keys(globalThis).filter((name) => !before.includes(name) && !name.startsWith("_tf"));
      if (added.length > 0) throw new Error("importing added the globals " + added);
    `;
    expect(await run(["--input-type=module", "--eval", script])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.each([...commands])("the command %s says its version", async (name) => {
    const { stdout } = await succeed(command(`npx --no-install ${name} --version`, inject("project")));
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\s*$/);
  });

  test("sampling draws the same ids from a script as from the repository", async () => {
    const script = `
      import { createRandom, sample } from "@charlstm/sampling";
      const random = createRandom(7);
      const draws = Array.from({ length: 20 }, () => sample([0.1, 0.2, 0.3, 0.4], { temperature: 0.5, random }));
      console.log(JSON.stringify(draws));
    `;
    const folder = join(inject("project"), "sampling-script");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "draw.js"), script);
    const { createRandom, sample } = await import("@charlstm/sampling");
    const random = createRandom(7);
    const expected = Array.from({ length: 20 }, () => sample([0.1, 0.2, 0.3, 0.4], { temperature: 0.5, random }));
    expect(JSON.parse((await succeed(node(["draw.js"], folder))).stdout)).toEqual(expected);
  });
});

function run(args: string[]) {
  return node(args, inject("project"));
}
