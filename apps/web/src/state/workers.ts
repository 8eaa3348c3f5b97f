import { type Remote, wrap } from "comlink";
import type { WorkerApi } from "../worker/worker.js";
import { sayError } from "./notices.js";

/** A module of one function with a vector in it: what the engine asks of WebAssembly. */
const simd = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Whether the engine runs in this browser. */
export const canTrain = typeof WebAssembly === "object" && WebAssembly.validate(simd);

function start(): Remote<WorkerApi> {
  const worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  // Only a script that does not load, or does not run from its first line on, comes here.
  worker.addEventListener("error", () => {
    sayError(new Error("A part of this page could not be loaded, so it can't open, train or write: load it again."));
  });
  return wrap<WorkerApi>(worker);
}

/** Holds the text and trains. */
export const trainer = start();

/** Writes, looks inside models and converts files; never kept waiting by a run. */
export const reader = start();
