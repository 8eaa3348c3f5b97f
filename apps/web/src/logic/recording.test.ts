import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { placeAt, playedIn, type Recording } from "./recording.js";

test("a recording of twenty samples shows its first one at once, its last one after ten seconds and from then on", () => {
  expect([0, 0.49, 0.5, 9.6, 10, 11].map((seconds) => placeAt(seconds, 20))).toEqual([0, 0, 1, 19, 19, 19]);
  expect(playedIn).toBe(10);
});

test("the recorded run begins before training, loses less from epoch to epoch, and ends where the ready model is", () => {
  const { samples, prompt } = JSON.parse(
    readFileSync(new URL("../../ready/run.json", import.meta.url), "utf8"),
  ) as Recording;
  expect(prompt).toBe("The whale");
  expect(samples[0]!.step).toBe(0);
  const losses = samples.flatMap(({ heldOutLoss }) => heldOutLoss ?? []);
  expect(losses).toHaveLength(20);
  expect(losses.at(-1)).toBe(Math.min(...losses));
  expect(samples.map(({ step }) => step)).toEqual(samples.map(({ step }) => step).sort((a, b) => a - b));
});
