import type { Build } from "@charlstm/engine";
import type { TfjsName } from "../backends/backends.js";
import type { Brain } from "./brain.js";
import type { PyTorch } from "./pytorch.js";
import type { Patience } from "./rival.js";

/** What is measured beside each other. */
export interface Rivals {
  /** The engine's builds, its own choice first, and the counts of threads to try. */
  builds: readonly Build[];
  threads: readonly number[];
  tfjs: readonly TfjsName[];
  pytorch: readonly PyTorch[];
  brain?: Brain | undefined;
  patience: Patience;
  signal: AbortSignal;
}
