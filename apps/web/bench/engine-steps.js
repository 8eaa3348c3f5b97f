// One engine's half of engine-speed.js: in a page or in Node, from the same file.
import { createEngine } from "@charlstm/engine";

/** The preset `quick` on a book: what the page and the command line train most. */
const shape = { vocabularySize: 100, units: [192], rows: 16, length: 32, dropout: 0.1, objective: "sequence" };

/** Characters a second of so many steps on threads of a WebAssembly build. */
globalThis.timeSteps = async ({ build, threads, steps }) => {
  const engine = await createEngine({ ...shape, build, threads, optimizer: { name: "adam" }, clipNorm: 5, seed: 1 });
  const { vocabularySize, rows, length } = shape;
  const ids = (seed) =>
    Uint8Array.from({ length: rows * length }, (_, at) => (at * 7 + seed * at * at) % vocabularySize);
  const batch = { inputs: ids(1), targets: ids(2), rows, length };
  try {
    if (engine.threads !== threads) return "no memory to share between threads";
    for (let step = 0; step < 5; step++) await engine.trainBatch(batch, 0.001);
    const begun = performance.now();
    for (let step = 0; step < steps; step++) await engine.trainBatch(batch, 0.001);
    return (1000 * steps * rows * length) / (performance.now() - begun);
  } finally {
    await engine.dispose();
  }
};
