import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { corpusCommand } from "./commands/corpus.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { generateCommand } from "./commands/generate.js";
import { trainCommand } from "./commands/train.js";
import { describeError, exitCodeOf } from "./errors.js";
import type { Io } from "./io.js";

/**
 * Runs one command line.
 *
 * @param argv Without the program's name.
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const program = createProgram(io);
  try {
    await program.parseAsync([...argv], { from: "user" });
    io.signal.throwIfAborted();
    return 0;
  } catch (error) {
    // commander has already printed what it throws.
    if (!(error instanceof CommanderError)) io.stderr.write(`${describeError(error, argv.includes("--debug"))}\n`);
    return exitCodeOf(error);
  }
}

function createProgram(io: Io): Command {
  const program = new Command("charlstm")
    .description("Train a character-level LSTM on a book and write in its voice.")
    .version(packageJson.version)
    .option("--debug", "print the stack of an error")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError("(charlstm --help and charlstm <command> --help say what there is)")
    .helpCommand(true);
  for (const command of [trainCommand, generateCommand, evaluateCommand, corpusCommand]) {
    program.addCommand(command(io).copyInheritedSettings(program).option("--debug", "print the stack of an error"));
  }
  return program;
}
