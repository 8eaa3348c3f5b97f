import type { EpochMetrics } from "@charlstm/training";
import { expect, test } from "vitest";
import { terminalPlot } from "./plot.js";

const history = (heldOut: readonly (number | undefined)[]) =>
  heldOut.map((heldOutLoss, index) => ({
    ...{ epoch: index + 1, loss: 9 - index },
    ...(heldOutLoss === undefined ? {} : { heldOutLoss }),
  })) as unknown as EpochMetrics[];

test("the held-out loss is drawn where every epoch has one, else the training's", () => {
  const heldOut = terminalPlot(history([3, 2.5, 2]), 80);
  expect(heldOut).toMatch(/^held-out loss by epoch, nats per character\n/);
  for (const value of ["3.000", "2.000"]) expect(heldOut).toContain(value);
  const training = terminalPlot(history([undefined, 2.5, 2]), 80);
  expect(training).toMatch(/^training loss by epoch/);
  for (const value of ["9.000", "7.000"]) expect(training).toContain(value);
});

test.each([200, 80, 60, 40])("no line is longer than a terminal of %s columns, and none ends in blanks", (columns) => {
  const lines = terminalPlot(history([3, 2.5, 2, 1.5]), columns).split("\n");
  for (const line of lines.slice(1)) expect(line.length).toBeLessThanOrEqual(Math.min(columns, 72));
  for (const line of lines) expect(line).toBe(line.trimEnd());
  expect(lines.at(-1)).not.toBe("");
});
