import { type Remote, wrap } from "comlink";
import type { WorkerApi } from "../worker/worker.js";

function start(): Remote<WorkerApi> {
  return wrap<WorkerApi>(new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" }));
}

/** Holds the text and trains. */
export const trainer = start();

/** Writes, looks inside models and converts files; never kept waiting by a run. */
export const reader = start();
