import { expect, test } from "vitest";
import { webPresets } from "../logic/settings.js";
import { choicesOf, outcomes } from "./comparison.js";
import type { ModelRecord } from "./records.js";

const settings = webPresets.quick.settings;

function run(title: string, change: Partial<typeof settings>, heldOut: number): ModelRecord {
  const chosen = { ...settings, ...change };
  return {
    ...{ id: title, title, savedAt: 0, bytes: 0, status: "finished", units: chosen.units, vocabularySize: 30 },
    ...{ objective: "sequence", step: 500, totalSteps: 1000, effort: { seconds: 61, characters: 122_000 } },
    losses: { train: [{ step: 500, loss: 1.5 }], heldOut: [{ step: 500, loss: heldOut }] },
    run: {
      choices: { preset: "custom", settings: chosen, threads: 0 },
      text: { title: "A book", cleaning: { recipe: "gutenberg", foldCase: false, unwrap: false } },
    },
  };
}

test("of two runs only the settings that are not the same differ", () => {
  const rows = choicesOf([run("one", {}, 1.6), run("other", { dropout: 0.4, units: [192, 192] }, 1.5)]);
  expect(rows.filter(({ differs }) => differs)).toEqual([
    { name: "Units", values: ["192", "192 + 192"], differs: true },
    { name: "Dropout", values: ["0.1", "0.4"], differs: true },
  ]);
  expect(rows[0]).toEqual({ name: "Text", values: ["A book", "A book"], differs: false });
});

test("the run with the lowest held-out loss is the best; a bit is ln 2 nats", () => {
  const [heldOut, loss, steps, time, speed] = outcomes(
    [run("one", {}, 2 * Math.LN2), run("other", {}, Math.LN2)],
    "bits",
  );
  expect(heldOut).toEqual({ name: "Held-out loss, bits", values: ["2.000", "1.000"], differs: false, best: 1 });
  expect(loss!.values[0]).toBe((1.5 / Math.LN2).toFixed(3));
  expect([steps!.values[0], time!.values[0], speed!.values[0]]).toEqual(["500 of 1,000", "1 min 01 s", "2,000"]);
});

test("the epoch with the lowest held-out loss counts, not the last one, and one run alone is not the best", () => {
  const record = { ...run("one", {}, 1.9), places: { best: { epoch: 3, heldOutLoss: 1.4 }, last: { epoch: 9 } } };
  expect(outcomes([record], "nats")[0]).toEqual({ name: "Held-out loss, nats", values: ["1.400"], differs: false });
});

test("a model from before runs told their time, or from elsewhere, has dashes", () => {
  const { effort: _, run: __, ...record } = run("old", {}, 1.6);
  expect(outcomes([record], "nats").at(-1)!.values).toEqual(["–"]);
  expect(choicesOf([record])[0]!.values).toEqual(["–"]);
});
