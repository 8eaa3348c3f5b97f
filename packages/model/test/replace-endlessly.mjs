// Saves a checkpoint under one name again and again, another step each time, until it is told to stop: `node replace-endlessly.mjs <folder>`.
// Says "ready" when the first one is there, and prints the number of saves at the end. Uses the built package.
import { createDiskStore, initialWeights } from "../dist/checkpoint-node.js";

const [folder] = process.argv.slice(2);
const architecture = { vocabularySize: 2, window: 3, units: [2], dropout: 0 };
const store = createDiskStore(folder);
let isStopped = false;
process.stdin.once("end", () => {
  isStopped = true;
});
process.stdin.resume();
let step = 0;
for (; !isStopped; step++) {
  const weights = initialWeights(architecture, { seed: step });
  await store.save("last", {
    architecture,
    vocabulary: ["a", "b"],
    objective: "window",
    weights,
    optimizer: { name: "sgd", step, slots: [] },
    history: [],
    settings: {},
    metadata: {},
  });
  if (step === 0) console.log("ready");
}
console.log(step);
