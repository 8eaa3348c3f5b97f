import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { describeError, exitCodeOf } from "./errors.js";
import { flush, type Io } from "./io.js";
import { terminalText } from "./terminal-text.js";

/** The commands, each loaded when it is asked for: `generate` should not wait for what `import` needs. */
const commands: Readonly<Record<string, () => Promise<(io: Io) => Command>>> = {
  train: async () => (await import("./commands/train.js")).trainCommand,
  generate: async () => (await import("./commands/generate.js")).generateCommand,
  evaluate: async () => (await import("./commands/evaluate.js")).evaluateCommand,
  corpus: async () => (await import("./commands/corpus.js")).corpusCommand,
  report: async () => (await import("./commands/report.js")).reportCommand,
  export: async () => (await import("./commands/export.js")).exportCommand,
  import: async () => (await import("./commands/import.js")).importCommand,
  bench: async () => (await import("./commands/bench.js")).benchCommand,
  doctor: async () => (await import("./commands/doctor.js")).doctorCommand,
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
  const named = argv.find((word) => !word.startsWith("-"));
  if (named !== undefined && Object.hasOwn(commands, named))
    return addCommands(io, emptyProgram(io), [commands[named]!]);
  return completeProgram(io);
}

/** The program with every command there is: help, completion, and suggestions for a mistyped name need them. */
export async function completeProgram(io: Io): Promise<Command> {
  const program = await addCommands(io, emptyProgram(io), Object.values(commands));
  const [{ helpCommand }, { default: addCompletion }] = await Promise.all([
    import("./commands/help.js"),
    import("@bomb.sh/tab/commander"),
  ]);
  program.addCommand(helpCommand(io, program).copyInheritedSettings(program));
  const completion = addCompletion(program, { completionCommandName: "completion" });
  // It tells shells never to complete file names (4); where it knows nothing itself, a path is what most of ours want (0).
  Object.defineProperty(completion, "directive", { get: () => 0, set: () => {} });
  return program;
}

function emptyProgram(io: Io): Command {
  return new Command("charlstm")
    .description("Train a character-level LSTM on a book and write in its voice.")
    .version(packageJson.version, "-V, --version", "print the version")
    .option("--debug", "print the stack of an error")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(terminalText(text)),
      outputError: (text, write) => write(text.replace(/^error:/, "charlstm:")),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .showHelpAfterError("(charlstm --help and charlstm <command> --help say what there is)");
}

const examples = `
Examples:
  charlstm train book.txt --out runs/mine
  charlstm generate runs/mine --prompt "It was" --temperature 0.5
  charlstm train --resume runs/mine --epochs 40
  charlstm help presets`;

type CommandLoader = (typeof commands)[string];

async function addCommands(io: Io, program: Command, loaders: readonly CommandLoader[]): Promise<Command> {
  for (const load of loaders) {
    const command = (await load())(io);
    inherit(command, program);
    program.addCommand(command.option("--debug", "print the stack of an error"));
  }
  return program;
}

/** Commands within commands too: one that writes and exits by itself would bypass `io`. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent).helpOption("-h, --help", "print this help");
  for (const child of command.commands) inherit(child, command);
}
