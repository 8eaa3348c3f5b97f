import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pointsOf } from "./points.js";
import { type Axis, axisOf, type Space, type Varied, variedNames } from "./space.js";

const axis = (name: Varied, text: unknown) => axisOf(name, text) as Axis;

describe("the values of a setting", () => {
  test.each([
    ["units", "128,192", { kind: "list", values: [[128], [192]] }],
    ["units", "128+64,192", { kind: "list", values: [[128, 64], [192]] }],
    ["units", [128, [64, 32]], { kind: "list", values: [[128], [64, 32]] }],
    ["units", "64:256", { kind: "range", from: 64, to: 256, isLog: false }],
    ["dropout", "0:0.4", { kind: "range", from: 0, to: 0.4, isLog: false }],
    ["dropout", 0.2, { kind: "list", values: [0.2] }],
    ["dropout", "0.1,0.1,0.2", { kind: "list", values: [0.1, 0.2] }],
    ["learningRate", "0.002~0.01", { kind: "range", from: 0.002, to: 0.01, isLog: true }],
    ["optimizer", "adam,sgd", { kind: "list", values: ["adam", "sgd"] }],
    ["objective", "window,sequence", { kind: "list", values: ["window", "sequence"] }],
  ] as [Varied, unknown, Axis][])("%s %j are read", (name, given, expected) => {
    expect(axisOf(name, given)).toEqual(expected);
  });

  test.each([
    ["dropout", "0:1.5", ['its end "1.5" has to be a number from 0 up to, not including, 1']],
    ["dropout", "0.1,1,x", ['"1" has to be', '"x" has to be']],
    ["dropout", "0.4:0.1", ["it goes from 0.4 to 0.1 and is empty"]],
    ["dropout", "0~0.4", ["a logarithmic range begins above 0, it begins at 0"]],
    ["dropout", [], ["it is empty"]],
    ["dropout", ":0.4", ['its end "" has to be a number']],
    ["dropout", " ,0.1", ['" " has to be a number']],
    ["units", "128,0", ['"0" has to be widths of 1 to 4 layers such as 128 or 128+64']],
    ["units", "1+2+3+4+5", ["widths of 1 to 4 layers"]],
    ["optimizer", "adam:sgd", ["optimizer has no range"]],
    ["optimizer", "adm", ["rmsprop, adam, adamw or sgd"]],
    ["batch", "1.5", ["a whole number, 1 or more"]],
    ["batch", null, ["null has to be a whole number"]],
  ] as [Varied, unknown, string[]][])("%s %j are refused, each by name", (name, given, words) => {
    const read = axisOf(name, given);
    const problems = "problems" in read ? read.problems : [];
    expect(problems.length).toBe(words.length);
    for (const [index, word] of words.entries()) expect(problems[index]).toContain(word);
  });
});

test("what would make losses of different things is the same for all trials", () => {
  expect(variedNames).toEqual(expect.arrayContaining(["units", "dropout", "learningRate", "optimizer"]));
  for (const name of ["heldOut", "items", "temperatures", "sampleLength", "seed", "patience", "maxSteps"])
    expect(variedNames).not.toContain(name);
});

const space: Space = {
  units: axis("units", "128,192"),
  dropout: axis("dropout", "0:0.4"),
  learningRate: axis("learningRate", "0.002~0.01"),
};

describe("the points", () => {
  test("of lists are the whole grid, the last axis fastest", () => {
    const grid: Space = { units: axis("units", "8,16"), dropout: axis("dropout", "0,0.1,0.2") };
    expect(pointsOf(grid, { seed: 1 })).toEqual(
      [8, 16].flatMap((units) => [0, 0.1, 0.2].map((dropout) => ({ units: [units], dropout }))),
    );
  });

  test("of ranges lie in them, differ, and are the same for the same seed", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (seed, trials) => {
        const points = pointsOf(space, { trials, seed });
        expect(points.length).toBe(trials);
        expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(trials);
        for (const { units, dropout, learningRate } of points) {
          expect([128, 192]).toContain(units![0]);
          expect(dropout! >= 0 && dropout! <= 0.4).toBe(true);
          expect(learningRate! >= 0.002 && learningRate! <= 0.01).toBe(true);
        }
        expect(pointsOf(space, { trials, seed })).toEqual(points);
      }),
    );
  });

  test("of a logarithmic range are as many below its geometric mean as above", () => {
    const wide: Space = { learningRate: axis("learningRate", "0.0001~1") };
    const below = pointsOf(wide, { trials: 4000, seed: 7 }).filter(({ learningRate }) => learningRate! < 0.01).length;
    expect(Math.abs(below - 2000)).toBeLessThan(4 * Math.sqrt(1000)); // four standard deviations
  });

  test("of a range of whole numbers come as often at its ends as within", () => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 3000; seed++) {
      const [point] = pointsOf({ batch: axis("batch", "1:3") }, { trials: 1, seed });
      counts.set(point!.batch!, (counts.get(point!.batch!) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(3000 * (2 / 9)));
  });

  test("are no more than there are", () => {
    expect(pointsOf({ batch: axis("batch", "1:3") }, { trials: 24, seed: 1 }).length).toBe(3);
  });

  test("are as many as a sweep has trials at the most", () => {
    expect(() => pointsOf(space, { trials: 100_001, seed: 1 })).toThrow("--trials 100001 are more than 100,000 trials");
  });

  test("of a million million, and of a range without their number, are refused", () => {
    const list = Array.from({ length: 1000 }, (_, index) => index + 1).join(",");
    const huge: Space = Object.fromEntries(
      ["window", "batch", "stride", "warmupSteps"].map((name) => [name, axis(name as Varied, list)]),
    );
    expect(() => pointsOf(huge, { seed: 1 })).toThrow("the grid has 1,000,000,000,000 points");
    expect(pointsOf(huge, { trials: 24, seed: 1 }).length).toBe(24);
    expect(() => pointsOf(space, { seed: 1 })).toThrow("dropout, learningRate: a range has no end of points");
  });
});
