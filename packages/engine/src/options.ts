import { optimizerSettings, slotNames } from "@charlstm/network";
import { checkNames, EngineError } from "./errors.js";
import { allBuilds, type Build, type Objective, type OptimizerConfig } from "./types.js";

/** The network, the batches and the machine that an engine is made for. */
export type EngineOptions = {
  /** Distinct characters, V; 1 to 1,000,000. */
  vocabularySize: number;
  /** Width of each LSTM layer, one to four of them; 1 to 8,192. */
  units: readonly number[];
  /** Share of each layer's output that is dropped in training, in `[0, 1)`. Default `0`. */
  dropout?: number;
  /** Default `"window"`. */
  objective?: Objective;
  /** Rows of the largest batch, N. Default `1`. */
  rows?: number;
  /** Characters of the longest window or sequence, T. Default `1`. */
  length?: number;
  /** Default RMSprop with Keras's settings. */
  optimizer?: OptimizerConfig;
  /** Largest global norm of a step's gradient; 0 does not clip. Default `0`. */
  clipNorm?: number;
  /** Starts the dropout masks; an integer. Default `0`. */
  seed?: number;
  /** Threads that share each batch. Default: what the processor has, at most 8, and at most one for 4 rows (8 in WebAssembly). */
  threads?: number;
  /** Default `"auto"`: the fastest that is here, native before WebAssembly. */
  build?: Build | "auto";
  /**
   * What memory and threads are made ready for: `training` everything, `scoring` no gradients and no optimizer,
   * `streams` just the weights, one thread. Default `"training"`.
   */
  purpose?: "training" | "scoring" | "streams";
};

type Optimizer = {
  readonly name: OptimizerConfig["name"];
  readonly rule: number;
  /** Names of the slots, in the order of the kernels' `first` and `second`. */
  readonly slots: readonly string[];
  readonly square: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly weightDecay: number;
};

export type Settings = Required<Omit<EngineOptions, "optimizer" | "threads">> & {
  readonly optimizer: Optimizer;
  readonly threads: number | undefined;
};

const names: readonly (keyof EngineOptions)[] = [
  "vocabularySize",
  "units",
  "dropout",
  "objective",
  "rows",
  "length",
  "optimizer",
  "clipNorm",
  "seed",
  "threads",
  "build",
  "purpose",
];

/** @throws {EngineError} `BAD_OPTION`. */
export function readOptions(options: EngineOptions): Settings {
  checkNames(options, names, "the engine");
  const { vocabularySize, units, dropout = 0, objective = "window", rows = 1, length = 1, clipNorm = 0 } = options;
  const { optimizer = { name: "rmsprop" }, seed = 0, threads, build = "auto", purpose = "training" } = options;
  whole("vocabularySize", vocabularySize, 1, 1_000_000);
  if (!Array.isArray(units) || units.length < 1 || units.length > 4) {
    throw bad("units", units, "an array of one to four layer widths");
  }
  for (const width of units) whole("units", width, 1, 8192);
  number("dropout", dropout, 0, 0.999);
  oneOf("objective", objective, ["window", "sequence"]);
  whole("rows", rows, 1, 1_000_000);
  whole("length", length, 1, 1_000_000);
  number("clipNorm", clipNorm, 0, Number.MAX_VALUE);
  whole("seed", seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (threads !== undefined) whole("threads", threads, 1, 64);
  oneOf("build", build, ["auto", ...allBuilds]);
  oneOf("purpose", purpose, ["training", "scoring", "streams"]);
  return {
    vocabularySize,
    units: [...units],
    dropout,
    objective,
    rows,
    length,
    clipNorm,
    seed,
    threads,
    build,
    purpose,
    optimizer: readOptimizer(optimizer),
  };
}

function readOptimizer(config: OptimizerConfig): Optimizer {
  if (typeof config !== "object" || config === null) throw bad("optimizer", config, "an object with a name");
  oneOf("optimizer.name", config.name, Object.keys(optimizerSettings));
  checkNames(config, ["name", ...optimizerSettings[config.name]], config.name);
  const { epsilon = 1e-7 } = config as { epsilon?: number };
  const slots = slotNames(config);
  number("optimizer.epsilon", epsilon, 0, 1);
  if (config.name === "sgd" || config.name === "rmsprop") {
    const { momentum = 0 } = config;
    number("optimizer.momentum", momentum, 0, 1);
    const shared = { name: config.name, momentum, epsilon, weightDecay: 0, slots };
    if (config.name === "sgd") return { ...shared, rule: 0, square: 0 };
    const { rho = 0.9 } = config;
    number("optimizer.rho", rho, 0, 1);
    return { ...shared, rule: 1, square: rho };
  }
  const { beta1 = 0.9, beta2 = 0.999 } = config;
  const weightDecay = config.name === "adamw" ? (config.weightDecay ?? 0.004) : 0;
  number("optimizer.beta1", beta1, 0, 1);
  number("optimizer.beta2", beta2, 0, 1);
  number("optimizer.weightDecay", weightDecay, 0, 1);
  return { name: config.name, rule: 2, momentum: beta1, square: beta2, epsilon, weightDecay, slots };
}

function bad(name: string, value: unknown, expected: string): EngineError {
  return new EngineError("BAD_OPTION", `${name} is ${JSON.stringify(value) ?? String(value)}, expected ${expected}`, {
    name,
    value,
  });
}

/** @throws {EngineError} `BAD_OPTION`: it is no whole number in that range. */
export function whole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw bad(name, value, `a whole number from ${least} to ${most}`);
  }
}

function number(name: string, value: number, least: number, most: number): void {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw bad(name, value, `a number from ${least} to ${most}`);
  }
}

function oneOf(name: string, value: unknown, values: readonly string[]): void {
  if (!values.includes(value as string)) throw bad(name, value, `one of ${values.join(", ")}`);
}
