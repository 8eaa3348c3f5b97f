import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { describeError, exitCodeOf } from "./errors.js";
import { flush, type Io } from "./io.js";

/** The commands, each loaded when it is asked for: `generate` should not wait for what `import` needs. */
const commands: Readonly<Record<string, () => Promise<(io: Io) => Command>>> = {
  train: async () => (await import("./commands/train.js")).trainCommand,
  generate: async () => (await import("./commands/generate.js")).generateCommand,
  evaluate: async () => (await import("./commands/evaluate.js")).evaluateCommand,
  corpus: async () => (await import("./commands/corpus.js")).corpusCommand,
  export: async () => (await import("./commands/export.js")).exportCommand,
  report: async () => (await import("./commands/report.js")).reportCommand,
  bench: async () => (await import("./commands/bench.js")).benchCommand,
  doctor: async () => (await import("./commands/doctor.js")).doctorCommand,
  import: async () => (await import("./commands/import.js")).importCommand,
};

/**
 * Runs one command line.
 *
 * @param argv Without the program's name.
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const program = await createProgram(io, argv);
    await program.parseAsync([...argv], { from: "user" });
    await flush(io.stdout);
    io.signal.throwIfAborted();
    return 0;
  } catch (error) {
    // commander has already printed what it throws.
    if (!(error instanceof CommanderError)) io.stderr.write(`${describeError(error, argv.includes("--debug"))}\n`);
    return exitCodeOf(error);
  }
}

async function createProgram(io: Io, argv: readonly string[]): Promise<Command> {
  const program = new Command("charlstm")
    .description("Train a character-level LSTM on a book and write in its voice.")
    .version(packageJson.version)
    .option("--debug", "print the stack of an error")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, "charlstm:")),
    })
    .showHelpAfterError("(charlstm --help and charlstm <command> --help say what there is)")
    .helpCommand(true);
  // Help and suggestions for a mistyped name need them all.
  const named = argv.find((word) => !word.startsWith("-"));
  const wanted = named !== undefined && Object.hasOwn(commands, named) ? [commands[named]!] : Object.values(commands);
  for (const load of wanted) {
    const create = await load();
    const command = create(io).copyInheritedSettings(program).option("--debug", "print the stack of an error");
    for (const part of command.commands) part.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program;
}
