// Trains a little with every native build that runs here, and fails where none does or one learns nothing.
import { createEngine, inspectBuilds } from "../../engine/dist/index.js";

const { builds, noNative } = inspectBuilds();
if (noNative) throw new Error(noNative);
const [rows, length] = [13, 7];
const inputs = Uint8Array.from({ length: rows * length }, (_, at) => (Math.floor(at / length) + (at % length)) % 3);
const targets = Uint8Array.from({ length: rows }, (_, row) => (row + length) % 3);
for (const build of builds) {
  const optimizer = { name: "adam" };
  const engine = await createEngine({ vocabularySize: 3, units: [16], rows, length, threads: 2, build, optimizer });
  const weights = engine.readWeights();
  for (const { values } of weights) for (const at of values.keys()) values[at] = Math.sin(at * 12.9898) * 0.3;
  engine.writeWeights(weights);
  let loss = Number.NaN;
  for (let step = 0; step < 200; step++) ({ loss } = await engine.trainBatch({ inputs, targets, rows, length }, 0.02));
  await engine.dispose();
  console.log(`${build}: ${loss.toFixed(6)} nats after 200 steps`);
  if (!(loss < 0.1)) throw new Error(`${build} learns nothing`);
}
