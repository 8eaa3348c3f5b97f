import { createMemoryStore, loadNewest } from "@charlstm/model/checkpoint";
import { describe, expect, test } from "vitest";
import type { Backend } from "../src/index.js";
import { batchSource, splitText } from "../src/index.js";
import { type BackendName, endOf, runAll, tinyBackend, tinySettings, tinyText } from "./helpers.js";

const bothBackends = ["engine", "tfjs-cpu"] as const;

/** Sums run in another order in each backend, and 50 updates let float32 roundings grow. */
const tolerance = 1e-3;
const objectives = ["window", "sequence"] as const;

describe.each(objectives)("with the %s objective", (objective) => {
  const settings = { ...tinySettings[objective], decay: "constant" as const, epochs: 50, heldOut: 0.1 };
  const text = tinyText(40);

  async function lossesOf(backend: Backend, steps: number): Promise<number[]> {
    const source = batchSource(splitText(text.ids, settings.heldOut).train, settings);
    const losses: number[] = [];
    for (let epoch = 1; losses.length < steps; epoch++) {
      for (const batch of source.batches(epoch, 0)) {
        if (losses.length < steps) losses.push((await backend.trainBatch(batch, 0.01)).loss);
      }
    }
    return losses;
  }

  test("the engine and TensorFlow.js agree on the losses of 50 updates from the same weights", async () => {
    const [engine, tfjs] = await Promise.all(bothBackends.map((name) => tinyBackend(settings, text, name)));
    tfjs!.writeWeights(await engine!.readWeights());
    const [ours, theirs] = [await lossesOf(engine!, 50), await lossesOf(tfjs!, 50)];
    expect(ours.at(-1)).toBeLessThan(ours[0]! - 0.1);
    for (const [step, loss] of ours.entries()) expect(Math.abs(loss - theirs[step]!)).toBeLessThan(tolerance);
    await Promise.all([engine!.dispose(), tfjs!.dispose()]);
  });

  test("the same seed starts both from the same weights", async () => {
    const [engine, tfjs] = await Promise.all(bothBackends.map((name) => tinyBackend(settings, text, name)));
    expect(await engine!.readWeights()).toEqual(await tfjs!.readWeights());
    await Promise.all([engine!.dispose(), tfjs!.dispose()]);
  });

  test.each([
    ["engine", "tfjs-cpu"],
    ["tfjs-cpu", "engine"],
  ] as [BackendName, BackendName][])("a run begun on %s goes on on %s as if it had not moved", async (from, to) => {
    const whole = await tinyBackend(settings, text, from);
    const all = endOf(await runAll(whole, { settings: { ...settings, maxSteps: 50 } }, text));

    const store = createMemoryStore();
    const first = await tinyBackend(settings, text, from);
    await runAll(first, { settings: { ...settings, maxSteps: 25 }, store }, text);
    const second = await tinyBackend(settings, text, to);
    const { checkpoint } = await loadNewest(store);
    const moved = endOf(await runAll(second, { settings: { ...settings, maxSteps: 50 }, resume: checkpoint }, text));
    expect(moved.history.map(({ step }) => step)).toEqual(all.history.map(({ step }) => step));
    for (const [index, { loss, heldOutLoss }] of moved.history.entries()) {
      expect(Math.abs(loss - all.history[index]!.loss)).toBeLessThan(tolerance);
      expect(Math.abs(heldOutLoss! - all.history[index]!.heldOutLoss!)).toBeLessThan(tolerance);
    }
    await Promise.all([whole, first, second].map((backend) => backend.dispose()));
  });
});
