import type { Build } from "@charlstm/engine";
import type { Results } from "./agreement.js";
import type { Turns } from "./timing.js";

/** One way to do a work: a backend with its threads. */
export interface Rival extends Turns {
  /** `engine`, `tfjs-cpu`, `tfjs-wasm`, `tfjs-node`, `pytorch`, `pytorch-avx2`, `brain.js`. */
  backend: string;
  threads: number;
  /** The engine's. */
  build?: Build;
  /** How a stream's next character is computed, where it is not from the state that was kept; what is timed of a step that takes long. */
  method?: "window re-run" | "one row, times all";
  /** Does the work for the first time, for its results to be compared before any time is taken. */
  check(): Promise<Results>;
  dispose(): Promise<void> | void;
}

/** How often rivals play: the slower, the less. */
export interface Patience {
  engine: number;
  native: number;
  tfjsWasm: number;
  tfjsCpu: number;
}

export const fullPatience: Patience = { engine: 30, native: 30, tfjsWasm: 8, tfjsCpu: 3 };
export const quickPatience: Patience = { engine: 5, native: 5, tfjsWasm: 1, tfjsCpu: 1 };

type Named = { backend: string; build?: Build; method?: NonNullable<Rival["method"]> };

/** A rival's name in tables and messages. */
export function nameOf({ backend, build, method }: Named): string {
  return [backend, build, method && `(${method})`].filter(Boolean).join(" ");
}
