import { readdirSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";

// Every memory that the engine makes, so that those still held can be added up. Patched before any engine is made.
const memories = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.push(new WeakRef(this));
  }
};

const mega = (bytes) => Math.round(bytes / 1e5) / 10;

/** What this process holds once the garbage is gone: megabytes, and counts. */
export async function takeFigures() {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20)); // threads that were told to end need a moment
    globalThis.gc();
  }
  const { rss, heapUsed } = process.memoryUsage();
  const wasm = memories.reduce((sum, held) => sum + (held.deref()?.buffer.byteLength ?? 0), 0);
  return {
    rss: mega(rss),
    heap: mega(heapUsed),
    wasm: mega(wasm),
    handles: readdirSync("/proc/self/fd").length - 1, // one is the listing's own
    threads: readdirSync("/proc/self/task").length,
    tensors: tf.memory().numTensors,
  };
}

/** Share of warm-up: caches fill, functions are compiled, pools of threads start. */
const warmUp = 0.2;
/** What the resident memory may differ between the first and the last third after the warm-up: allocators keep some of it. */
const slack = { rss: 0.1, heap: 0.1 };

/** Compares the first third after the warm-up with the last: medians of memory, and the most of everything that is counted. */
export function findGrowth(figures) {
  const warm = figures.slice(Math.floor(figures.length * warmUp));
  const third = Math.max(1, Math.floor(warm.length / 3));
  return ["rss", "heap", "wasm", "handles", "threads", "tensors"].map((name) => {
    const of = (part) => part.map((each) => each[name]).sort((a, b) => a - b);
    const pick = (sorted) => (name in slack ? sorted[Math.floor(sorted.length / 2)] : sorted.at(-1));
    const first = pick(of(warm.slice(0, third)));
    const last = pick(of(warm.slice(-third)));
    return { name, first, last, flat: last <= first * (1 + (slack[name] ?? 0)) };
  });
}
