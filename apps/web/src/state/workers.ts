import { wrap } from "comlink";
import type { WorkerApi } from "../worker/worker.js";
import { sayError } from "./notices.js";

/** A module of one function with a vector in it: what the engine asks of WebAssembly. */
const simd = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Whether the engine runs in this browser. */
export const canTrain = typeof WebAssembly === "object" && WebAssembly.validate(simd);

/**
 * Starts a worker; once more where it does not load: of two that load the same file at once WebKit (2.50) gives one nothing where the
 * service worker answers.
 *
 * @param port Its end of a channel: what is asked of it meanwhile waits there.
 */
function start(port: MessagePort, isAgain = false): void {
  const worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  let isLoaded = false;
  worker.addEventListener(
    "message",
    () => {
      isLoaded = true;
      worker.postMessage(port, [port]);
    },
    { once: true },
  );
  // Only a script that does not load, or does not run from its first line on, comes here.
  worker.addEventListener("error", () => {
    if (!isLoaded && !isAgain) return start(port, true);
    sayError(new Error("A part of this page could not be loaded, so it can't open, train or write: load it again."));
  });
}

const channels = [new MessageChannel(), new MessageChannel()] as const;

/** Holds the text and trains. */
export const trainer = wrap<WorkerApi>(channels[0].port1);

/** Writes, looks inside models and converts files; never kept waiting by a run. */
export const reader = wrap<WorkerApi>(channels[1].port1);

for (const { port2 } of channels) start(port2);
