import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { expect, test } from "vitest";
import type { Io } from "../src/io.js";
import { completeProgram } from "../src/run.js";
import { flagTable } from "./flag-table.js";

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

test("the README has every command with its arguments, and its flags with units and defaults", async () => {
  const commands = commandsOf(await completeProgram(io));
  const missing = commands.filter(({ name, command }) => {
    const usage = command.usage().replace("[options]", "").trim().replace(/\s+/g, " ");
    const section = `### \`charlstm ${`${name} ${usage}`.trim()}\``;
    return !readme.includes(section) || !readme.includes(flagTable(command));
  });
  expect(missing.map(({ name }) => name)).toEqual([]);
});
