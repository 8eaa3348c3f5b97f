import { presets } from "@charlstm/training";
import { expect, test } from "vitest";
import type { SweepRecord, Trial, TrialResult } from "./folder.js";
import { bestOf, rank, rankingTable, variedIn } from "./ranking.js";
import type { Values } from "./space.js";

const settings = { ...presets.quick, epochs: 9 };
const trial = (id: number, values: Values, text = 0): Trial => ({ id, text, values, settings });
const recordOf = (trials: readonly Trial[], texts = 1) =>
  ({ trials, texts: new Array(texts).fill({}) }) as unknown as SweepRecord;
const held = { isHeldOut: true };

const units = [64, 96, 128, 160, 192].map((width, index) => trial(index + 1, { units: [width], dropout: 0.1 }));
const results: TrialResult[] = [
  { trial: 1, epochs: 3, loss: 1.2, best: 3, seconds: 4, ...held },
  { trial: 2, epochs: 9, loss: 1.5, best: 7, seconds: 12.25, ...held },
  { trial: 1, epochs: 9, loss: 1.4, best: 8, seconds: 10, ...held },
  { trial: 1, epochs: 1, loss: 1.1, best: 1, seconds: 1, ...held },
  { trial: 3, epochs: 2, error: { code: "DIVERGED", message: "the loss is not finite" } },
  { trial: 5, epochs: 9, loss: 1.3, best: 9, seconds: 9, ...held },
];

const ids = (ranked: readonly { trial: Trial }[]) => ranked.map(({ trial: { id } }) => id);

test("trials stand by the loss of the furthest that they came, those that failed and those that have not begun last", () => {
  const ranked = rank(recordOf(units), results);
  expect(ids(ranked)).toEqual([5, 1, 2, 3, 4]);
  expect(ranked.map(({ result }) => result?.epochs)).toEqual([9, 9, 9, 2, undefined]);
});

test("trials of one loss stand by their numbers, and each text's for themselves, whatever the losses", () => {
  const trials = [trial(4, {}, 1), trial(3, {}), trial(2, {}, 1), trial(1, {})];
  const same = trials.map(({ id, text }) => ({ trial: id, epochs: 1, loss: 3 - 2 * text }));
  expect(ids(rank(recordOf(trials, 2), same))).toEqual([1, 3, 2, 4]);
});

test("the best is the first of each text that has a loss; a text whose trials have all failed has none", () => {
  const trials = [trial(1, {}), trial(2, {}), trial(3, {}, 1), trial(4, {}, 2), trial(5, {}, 2)];
  const failed = { error: { message: "no" } };
  const ranked = rank(recordOf(trials, 3), [
    { trial: 1, epochs: 1, loss: 2 },
    { trial: 2, epochs: 1, loss: 1 },
    { trial: 3, epochs: 1, ...failed },
    { trial: 5, epochs: 1, loss: 0 },
  ]);
  expect(ids(bestOf(ranked))).toEqual([2, 5]);
  expect(bestOf(rank(recordOf(units), []))).toEqual([]);
});

test("trials differ in the settings that have more than one value, one that not all were given among them", () => {
  expect(variedIn(units)).toEqual(["units"]);
  expect(variedIn([trial(1, { units: [64], batch: 8 }), trial(2, { units: [64, 32], batch: 8 })])).toEqual(["units"]);
  expect(variedIn([trial(1, { batch: 8 }), trial(2, { batch: 8, dropout: 0 })])).toEqual(["dropout"]);
  expect(variedIn([])).toEqual([]);
});

/** The words of each line: cells that are two spaces apart. */
const cellsOf = (table: string) => table.split("\n").map((line) => line.trim().split(/ {2,}/));

test("the table has each trial's losses in nats and bits, where it was best, how far it came and how long that took", () => {
  const record = recordOf(units);
  const table = rankingTable(record, rank(record, results), ["a book"]);
  expect(cellsOf(table)).toEqual([
    ["trial", "held out", "bits/char", "at epoch", "epochs", "units", "seconds"],
    ["trial-05", "1.3000", "1.8755", "9", "9/9", "192", "9.0"],
    ["trial-01", "1.4000", "2.0198", "8", "9/9", "64", "10.0"],
    ["trial-02", "1.5000", "2.1640", "7", "9/9", "96", "12.3"],
    ["trial-03", "failed", "2/9", "128", "the loss is not finite [DIVERGED]"],
    ["trial-04", "–", "–", "160"],
  ]);
  // All of a column end where its head does.
  const lines = table.split("\n");
  const end = lines[0]!.indexOf("units") + "units".length;
  for (const line of lines) expect(line.slice(0, end)).toMatch(/(units|192|64|96|128|160)$/);
  for (const line of lines) expect(line).toBe(line.trimEnd());
});

test("where nothing is held out the column is the loss, a zero one too, and an error without a code is its words", () => {
  const record = recordOf([trial(1, {}), trial(2, {})]);
  const ranked = rank(record, [
    { trial: 1, epochs: 9, loss: 0.5, best: 9, seconds: 1 },
    { trial: 2, epochs: 1, error: { message: "no room" } },
  ]);
  const [head, , failed] = cellsOf(rankingTable(record, ranked, ["a book"]));
  expect(head![1]).toBe("loss");
  expect(failed!.at(-1)).toBe("no room");
  expect(cellsOf(rankingTable(record, rank(record, []), ["a book"]))[0]![1]).toBe("held out");
  const zero = rank(record, [{ trial: 1, epochs: 9, loss: 0, best: 9, seconds: 1, ...held }]);
  expect(cellsOf(rankingTable(record, zero, [""]))[1]!.slice(1, 3)).toEqual(["0.0000", "0.0000"]);
});

test("several texts are named, each before its trials", () => {
  const record = recordOf([trial(1, {}), trial(2, {}, 1), trial(3, {}, 1)], 2);
  const lines = cellsOf(rankingTable(record, rank(record, []), ["emma", "moby"])).map(([first]) => first);
  expect(lines).toEqual(["trial", "emma:", "trial-01", "moby:", "trial-02", "trial-03"]);
});

test("of many trials forty are shown, and how many there are more", () => {
  const many = (count: number) => recordOf(Array.from({ length: count }, (_, index) => trial(index + 1, {})));
  const linesOf = (count: number) => rankingTable(many(count), rank(many(count), []), [""]).split("\n");
  expect(linesOf(40)).toHaveLength(41);
  expect(linesOf(43)).toHaveLength(42);
  expect(linesOf(43).at(-1)).toMatch(/^and 3 more/);
});
