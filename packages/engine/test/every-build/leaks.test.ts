import { isExhaustive } from "@charlstm/testing";
import { expect, test } from "vitest";
import { makeEngine, randomBatch } from "../support.js";

const count = isExhaustive ? 200 : 100;

test(`engines come and go: ${count} of them, with threads and streams, leave room for the next`, async () => {
  const options = { vocabularySize: 20, units: [64], rows: 16, length: 10, threads: 2 };
  const batch = randomBatch(20, 16, 10, false, 1);
  for (let index = 0; index < count; index++) {
    const engine = await makeEngine({ ...options, purpose: index % 4 === 0 ? "training" : "streams" });
    if (index % 4 === 0) await engine.trainBatch(batch, 0.01);
    engine.openStream(3).step([1, 2, 3]);
    await engine.dispose();
  }
  expect((process.memoryUsage().rss / 2 ** 20) | 0).toBeLessThan(1500);
});

test("training takes no memory beyond what the engine was made with", async () => {
  const engine = await makeEngine({ vocabularySize: 20, units: [32], rows: 16, length: 10, threads: 2 });
  const { bytes } = engine;
  for (let step = 0; step < 50; step++) await engine.trainBatch(randomBatch(20, 16, 10, false, step), 0.01);
  expect(engine.bytes).toBe(bytes);
  await engine.dispose();
});
