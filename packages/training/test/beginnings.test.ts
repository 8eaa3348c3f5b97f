import { describe, expect, test } from "vitest";
import { beginNowAndThen } from "../src/beginnings.js";
import type { Backend } from "../src/index.js";
import { evaluate } from "../src/index.js";
import { backendNames, runAll, tinyBackend, tinySettings, tinyText } from "./helpers.js";

/** Every row's state, `[rows][numbers]`, out of `[layers][h, c][rows][units]`. */
function stateByRow(backend: Backend): number[][] {
  const { architecture, rows } = backend.options;
  const state = backend.readState();
  const byRow: number[][] = Array.from({ length: rows }, () => []);
  let offset = 0;
  for (const width of architecture.units.flatMap((units) => [units, units])) {
    for (const numbers of byRow) {
      numbers.push(...state.subarray(offset, offset + width));
      offset += width;
    }
  }
  return byRow;
}

/** What each update began with: the rows' states, and its first characters. */
async function watchUpdates(backend: Backend) {
  const updates: { before: number[][]; after: number[][]; first: number[]; last: number[] }[] = [];
  const watched: Backend = {
    ...backend,
    async trainBatch(batch, learningRate) {
      const before = stateByRow(backend);
      const rows = [...Array(batch.rows).keys()];
      const result = await backend.trainBatch(batch, learningRate);
      updates.push({
        before,
        after: stateByRow(backend),
        first: rows.map((row) => batch.inputs[row * batch.length]!),
        last: rows.map((row) => batch.targets[(row + 1) * batch.length - 1]!),
      });
      return result;
    },
  };
  return { watched, updates };
}

test("rows begin now and then: about one in a hundred, the same ones wherever an epoch is entered", () => {
  const batches = Array.from({ length: 5_000 }, () => ({
    inputs: new Uint8Array(16),
    targets: new Uint8Array(16),
    ...{ rows: 16, length: 1, begins: [] },
  }));
  const begun = (from: number, epoch = 3) =>
    Array.from(beginNowAndThen(batches.slice(from), { rows: 16, seed: 5, epoch, from }), ({ begins }) => begins);
  const all = begun(0);
  expect(begun(1_234)).toEqual(all.slice(1_234));
  expect(begun(0, 4)).not.toEqual(all);
  const share = all.flat().length / (16 * batches.length);
  expect(share).toBeGreaterThan(0.008);
  expect(share).toBeLessThan(0.012);
});

describe.each(backendNames)("training sequences on %s", (name) => {
  test("a row begins from the zero state at an epoch's start, at the text's and now and then, and goes on from its own state elsewhere", async () => {
    const settings = { ...tinySettings.sequence, units: [4, 6], epochs: 4, heldOut: 0, temperatures: [] };
    const backend = await tinyBackend(settings, tinyText(), name);
    const { watched, updates } = await watchUpdates(backend);
    await runAll(watched, { settings });
    await backend.dispose();

    const stepsPerEpoch = updates.length / settings.epochs;
    let atTextStart = 0;
    let nowAndThen = 0;
    for (const [index, { before, first }] of updates.entries()) {
      const previous = updates[index - 1];
      for (const [row, state] of before.entries()) {
        const isZero = state.every((value) => value === 0);
        if (index % stepsPerEpoch === 0) expect(isZero).toBe(true);
        else if (isZero && first[row] !== previous!.last[row]) atTextStart++;
        else if (isZero) nowAndThen++;
        else {
          expect(state).toEqual(previous!.after[row]);
          expect(first[row]).toBe(previous!.last[row]);
        }
      }
    }
    // In every epoch one row comes round from the end of the text to its beginning.
    expect(atTextStart).toBeGreaterThan(0);
    expect(atTextStart).toBeLessThanOrEqual(settings.epochs);
    expect(nowAndThen).toBeLessThan(0.04 * updates.length * settings.batch);
  });

  test("a text is scored from several places, each entered some characters before what counts", async () => {
    const { ids, vocabulary } = tinyText(20);
    const settings = { ...tinySettings.sequence, epochs: 2, temperatures: [] };
    const backend = await tinyBackend(settings, { ids, vocabulary }, name);
    await runAll(backend, { settings }, { ids, vocabulary });
    const scored = ids.subarray(0, 1200);
    const window = 50;
    const { loss, predictions } = await evaluate(backend, scored, { context: "stream", window });

    const parts = Math.floor((scored.length - 1 - window) / 256);
    const length = Math.floor((scored.length - 1 - window) / parts);
    expect(parts).toBe(4);
    let sum = 0;
    for (let part = 0; part < parts; part++) {
      const stream = backend.openStream();
      for (let place = 0; place < window + length; place++) {
        const logits = stream.step([scored[part * length + place]!]);
        if (place < window) continue;
        const total = logits.reduce((all, logit) => all + Math.exp(logit), 0);
        sum += Math.log(total) - logits[scored[part * length + place + 1]!]!;
      }
      stream.dispose();
    }
    await backend.dispose();
    expect(predictions).toBe(parts * length);
    expect(loss).toBeCloseTo(sum / predictions, 4);
  });
});
