import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EpochMetrics } from "@charlstm/training";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeMetrics } from "./folder.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "charlstm-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What tells a line of before from one that is written again is its loss. */
const epochs = (loss: number, ...numbers: number[]) =>
  numbers.map((epoch) => ({ epoch, step: epoch, loss }) as EpochMetrics);
const linesOf = (metrics: readonly EpochMetrics[]) => metrics.map((each) => `${JSON.stringify(each)}\n`).join("");
const file = () => readFile(join(folder, "metrics.jsonl"), "utf8");

test("what a run had written after its checkpoint is not in its metrics any more", async () => {
  await writeMetrics(folder, epochs(2, 1, 2, 3, 4));
  await writeMetrics(folder, epochs(1, 1, 2));
  expect(await file()).toBe(linesOf(epochs(1, 1, 2)));
  await writeMetrics(folder, []);
  expect(await file()).toBe("");
});

test("epochs that are too long ago for the checkpoint stay, the line aside that a kill cut off", async () => {
  await writeFile(join(folder, "metrics.jsonl"), `${linesOf(epochs(2, 1, 2, 3, 4, 5, 6))}{"epoch":7,"step":7,"lo`);
  await writeMetrics(folder, epochs(1, 2, 4, 5));
  const kept = [...epochs(2, 1), ...epochs(1, 2), ...epochs(2, 3), ...epochs(1, 4, 5)];
  expect(await file()).toBe(linesOf(kept));
});
