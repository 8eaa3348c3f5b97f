// A thread of the engine: gets its assignment, then obeys commands until it is terminated.

import { instantiate } from "./kernels.js";
import {
  type Assignment,
  COMMAND,
  CONTROL_BYTES,
  FAILED,
  GENERATION,
  PENDING,
  perform,
  REPORT,
  spin,
} from "./protocol.js";

const node = globalThis.process?.versions?.node
  ? globalThis.process.getBuiltinModule("node:worker_threads")
  : undefined;
const post = (message: string) => (node ? node.parentPort!.postMessage(message) : globalThis.postMessage(message));

function serve({ module, memory, control: at, thread, task, model }: Assignment): never {
  const control = new Int32Array(memory.buffer, at, CONTROL_BYTES / 4);
  const kernels = instantiate(module, memory);
  let generation = Atomics.load(control, GENERATION);
  post("ready");
  for (;;) {
    if (!spin(control, GENERATION, generation)) Atomics.wait(control, GENERATION, generation);
    const next = Atomics.load(control, GENERATION);
    if (next === generation) continue;
    generation = next;
    try {
      perform(kernels, control[COMMAND]!, thread, task, model);
    } catch {
      Atomics.store(control, FAILED, thread + 1);
    }
    if (Atomics.sub(control, PENDING, 1) === 1) {
      Atomics.notify(control, PENDING);
      if (control[REPORT]) post("done");
    }
  }
}

if (node) node.parentPort!.once("message", serve);
else globalThis.addEventListener("message", ({ data }: MessageEvent<Assignment>) => serve(data), { once: true });
