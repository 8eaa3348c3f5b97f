import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { CliError, describeError, exitCodeOf } from "./errors.js";
import { flush, Interrupted, type Io } from "./terminal/io.js";
import { terminalText } from "./terminal/terminal-text.js";

/** The commands, each loaded when it is asked for: `generate` should not wait for what `import` needs. */
const commands: Readonly<Record<string, () => Promise<(io: Io) => Command>>> = {
  train: async () => (await import("./commands/train.js")).trainCommand,
  sweep: async () => (await import("./commands/sweep.js")).sweepCommand,
  worker: async () => (await import("./commands/worker.js")).workerCommand,
  generate: async () => (await import("./commands/generate.js")).generateCommand,
  evaluate: async () => (await import("./commands/evaluate.js")).evaluateCommand,
  corpus: async () => (await import("./commands/corpus.js")).corpusCommand,
  report: async () => (await import("./commands/report.js")).reportCommand,
  "hand-over": async () => (await import("./commands/hand-over.js")).handOverCommand,
  export: async () => (await import("./commands/export.js")).exportCommand,
  import: async () => (await import("./commands/import.js")).importCommand,
  bench: async () => (await import("./commands/bench.js")).benchCommand,
  doctor: async () => (await import("./commands/doctor.js")).doctorCommand,
};

/** Commands that save when they are stopped, and say so. */
const savers: ReadonlySet<string> = new Set(["train", "sweep", "worker"]);

/**
 * Runs one command line.
 *
 * @param words Without the program's name; a `--` before the command, which package managers hand over, is none of it.
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 */
export async function run(words: readonly string[], io: Io): Promise<number> {
  const argv = words[0] === "--" ? words.slice(1) : words;
  try {
    const program = await createProgram(io, argv);
    refuseSwallowedFlags(io, program);
    await program.parseAsync([...argv], { from: "user" });
    await flush(io.stdout);
    io.signal.throwIfAborted();
    return 0;
  } catch (error) {
    // Like `charlstm generate run | head`: who reads has had enough. A run of `train` that this stops says where it is saved.
    const isRead = error instanceof Interrupted && error.cause_ === "stdout-closed" && !savers.has(commandIn(argv)!);
    if (isRead) return 0;
    // commander has already printed what it throws.
    if (!(error instanceof CommanderError)) io.stderr.write(`${describeError(error, argv.includes("--debug"))}\n`);
    return exitCodeOf(error);
  }
}

/**
 * npm keeps flags that come before a `--` for itself: `npm start book.txt --epochs 2` trains with the default epochs, and
 * says nothing. What it kept stands in the environment.
 *
 * @throws {CliError} `BAD_USAGE`, with what to type.
 */
function refuseSwallowedFlags(io: Io, program: Command): void {
  if (!io.invocation.endsWith(" --")) return;
  const swallowed = program.commands
    .flatMap(({ options }) => options.map(({ long }) => long ?? ""))
    .filter((flag) => io.env[`npm_config_${flag.slice(2).replaceAll("-", "_")}`] !== undefined && !npmsOwn.has(flag));
  if (swallowed.length === 0) return;
  const flags = [...new Set(swallowed)].join(", ");
  throw new CliError(
    "BAD_USAGE",
    `npm kept ${flags} for itself: put -- before what is meant for the program, as in ${io.invocation} train book.txt --epochs 2`,
  );
}

/** Settings of npm's own, which may come from its configuration. */
const npmsOwn: ReadonlySet<string> = new Set(["--offline", "--force"]);

async function createProgram(io: Io, argv: readonly string[]): Promise<Command> {
  const named = commandIn(argv);
  if (named !== undefined && Object.hasOwn(commands, named))
    return addCommands(io, emptyProgram(io), [commands[named]!]);
  return completeProgram(io);
}

function commandIn(argv: readonly string[]): string | undefined {
  return argv.find((word) => !word.startsWith("-"));
}

/** The program with every command there is: help, completion, and suggestions for a mistyped name need them. */
export async function completeProgram(io: Io): Promise<Command> {
  const program = await addCommands(io, emptyProgram(io), Object.values(commands));
  const [{ helpCommand }, { default: addCompletion }] = await Promise.all([
    import("./commands/help.js"),
    import("@bomb.sh/tab/commander"),
  ]);
  program.addCommand(helpCommand(io, program).copyInheritedSettings(program));
  program.name("charlstm"); // what a shell completes is what is on its PATH
  const completion = addCompletion(program, { completionCommandName: "completion" });
  // It tells shells never to complete file names (4); where it knows nothing itself, a path is what most of ours want (0).
  Object.defineProperty(completion, "directive", { get: () => 0, set: () => {} });
  return program.name(io.invocation);
}

function emptyProgram(io: Io): Command {
  return new Command(io.invocation)
    .description("Train a character-level LSTM on a book and write in its voice.")
    .version(packageJson.version, "-V, --version", "print the version")
    .option("--debug", "print the stack of an error")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", examples(io))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(terminalText(text)),
      outputError: (text, write) => write(text.replace(/^error:/, "charlstm:")),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .showHelpAfterError(`(${io.invocation} --help and ${io.invocation} <command> --help say what there is)`);
}

const examples = ({ invocation }: Io) => `
Examples:
  ${invocation} train book.txt --out runs/mine
  ${invocation} generate runs/mine --prompt "It was"
  ${invocation} train --resume runs/mine --epochs 40
  ${invocation} help presets`;

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
