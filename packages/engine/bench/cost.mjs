// Does the time of a step grow with rows, length and size as it should: linearly in N, T and 4H(H + V)?
import { countOperations } from "@charlstm/engine/benchmark";
import { interleave, median, NOTEBOOK, prepare, printEnvironment, time } from "./support.mjs";

const table = async (title, variants) => {
  console.log(`\n${title}`);
  for (const change of variants) {
    const shape = { ...NOTEBOOK, ...change };
    const { engine, batch } = await prepare(shape);
    const [times] = await interleave([() => time(() => engine.trainBatch(batch, 0.001))], 9);
    const milliseconds = median(times);
    const speed = countOperations(shape) / milliseconds / 1e6;
    console.log(
      `  ${JSON.stringify(change).padEnd(18)} ${milliseconds.toFixed(1).padStart(8)} ms ${speed.toFixed(1).padStart(7)} GFLOP/s` +
        `  ${((1e6 * milliseconds) / (shape.rows * shape.length * 4 * shape.units[0] * (shape.units[0] + 59))).toFixed(3)} ns per N T 4H(H + V)`,
    );
    await engine.dispose();
  }
};

printEnvironment();
await table(
  "rows N",
  [16, 32, 64, 128, 256, 512].map((rows) => ({ rows })),
);
await table(
  "window T",
  [15, 30, 60, 120, 240].map((length) => ({ length })),
);
await table(
  "units H (window of 15)",
  [64, 128, 256, 512, 1024].map((units) => ({ units: [units], length: 15 })),
);
