// brain.js as a rival: its LSTM on the same rows, of the same width, as its own `train` takes them, one text at a time.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { time } from "../backends/time.js";
import { CliError } from "../errors.js";
import type { Patience, Rival } from "./rival.js";
import { batchOf, type StepWork } from "./works.js";

export interface Brain {
  version: string;
  step(work: StepWork, patience: Patience): Rival;
}

interface Network {
  train(texts: readonly string[], options: { iterations: number }): unknown;
  /** Texts as the network reads them. */
  setupData(texts: readonly string[]): unknown[];
  trainPattern(text: unknown): unknown;
}

interface Package {
  recurrent: { LSTM: new (options: { hiddenLayers: readonly number[] }) => Network };
}

/**
 * Loads brain.js from the folder that it was installed in.
 *
 * @throws {CliError} `BACKEND_UNAVAILABLE`: it is not there, or does not load.
 */
export function loadBrain(folder: string): Brain {
  const require = createRequire(join(resolve(folder), "package.json"));
  let brain: Package;
  let version: string;
  try {
    brain = require("brain.js") as Package;
    version = (require("brain.js/package.json") as { version: string }).version;
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0];
    throw new CliError(
      "BACKEND_UNAVAILABLE",
      `brain.js does not load from ${folder}: ${reason}; install it with npm install --prefix ${folder} brain.js@1.6.1, or leave --brain out`,
      { cause },
    );
  }
  return { version, step: (work, patience) => stepOf(brain, work, patience) };
}

function stepOf(brain: Package, work: StepWork, { tfjsCpu }: Patience): Rival {
  const network = new brain.recurrent.LSTM({ hiddenLayers: work.architecture.units });
  const texts = textsOf(work);
  network.train(texts, { iterations: 0 });
  const rows = network.setupData(texts);
  let turn = 0;
  return {
    ...{ backend: "brain.js", threads: 1, method: "one row, times all", rounds: tfjsCpu, isQuick: false },
    // Its optimizer, its first weights and its start of a text are its own: nothing can be compared but the time.
    check: async () => ({}),
    play: async () => work.rows * (await time(() => network.trainPattern(rows[turn++ % rows.length]))),
    dispose() {},
  };
}

/** The rows of a work's batch; letters stand for ids. */
function textsOf(work: StepWork): string[] {
  const { inputs, rows, length } = batchOf(work);
  return Array.from({ length: rows }, (_, row) =>
    String.fromCodePoint(...[...inputs.slice(row * length, (row + 1) * length)].map((id) => 0x4e00 + id)),
  );
}
