import { expect, test } from "vitest";
import { lossPlot } from "../../src/report/loss-plot.js";

const linesOf = (svg: string) => [...svg.matchAll(/points="([^"]*)"/g)].map(([, points]) => points);
const circlesOf = (svg: string) => svg.match(/<circle/g)?.length ?? 0;

test("each loss lies at its epoch and height: the plot goes from 64 to 688 across, from 360 up to 56", () => {
  const svg = lossPlot([
    { epoch: 1, loss: 2 },
    { epoch: 2, loss: 1, heldOutLoss: 1.5 },
    { epoch: 3, loss: 1.25, heldOutLoss: 1.75 },
  ]);
  expect(linesOf(svg)).toEqual(["64,56 376,360 688,284", "376,208 688,132"]);
  expect(circlesOf(svg)).toBe(5);
});

test("without held-out losses there is one line, and beyond sixty epochs there are no dots", () => {
  const svg = lossPlot(Array.from({ length: 61 }, (_, index) => ({ epoch: index + 1, loss: 3, heldOutLoss: null })));
  expect(linesOf(svg)).toHaveLength(1);
  expect(svg).not.toContain("held-out");
  expect(circlesOf(svg)).toBe(0);
  // A loss that never changes lies in the middle.
  expect(
    new Set(
      linesOf(svg)[0]!
        .split(" ")
        .map((point) => point.split(",")[1]),
    ),
  ).toEqual(new Set(["208"]));
});

test("one epoch, and none, make a plot", () => {
  expect(linesOf(lossPlot([{ epoch: 1, loss: 0.5 }]))).toEqual(["64,208"]);
  expect(linesOf(lossPlot([]))).toEqual([]);
});
