import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Assignment, eta, nextAssignments, type Reached, rungsOf, type Turn } from "./schedule.js";

/** A sweep that runs to its end, `parallel` at a time; which of those that run ends next is drawn. */
function runAll(turns: readonly Turn[], losses: readonly (number | null)[], parallel: number, pick: () => number) {
  const reached: Reached[] = [];
  const outstanding: Assignment[] = [];
  for (;;) {
    outstanding.push(...nextAssignments({ turns, reached, outstanding }, parallel - outstanding.length));
    if (outstanding.length === 0) return reached;
    const [ended] = outstanding.splice(Math.floor(pick() * outstanding.length), 1);
    reached.push({ ...ended!, loss: losses[ended!.trial - 1]! });
  }
}

const sweep = fc.record({
  losses: fc.array(fc.option(fc.double({ min: 0, max: 5, noNaN: true })), { minLength: 1, maxLength: 40 }),
  groups: fc.integer({ min: 1, max: 3 }),
  epochs: fc.integer({ min: 3, max: 30 }),
  parallel: fc.integer({ min: 1, max: 9 }),
  picks: fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
});

const turnsFor = (count: number, groups: number, rungs: readonly number[]): Turn[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, group: index % groups, rungs }));

describe("a sweep", () => {
  test("without halving runs every trial once, to its end", () => {
    fc.assert(
      fc.property(sweep, ({ losses, groups, epochs, parallel, picks }) => {
        const turns = turnsFor(losses.length, groups, [epochs]);
        const reached = runAll(turns, losses, parallel, () => picks.next().value);
        const ids = reached.map(({ trial }) => trial).sort((a, b) => a - b);
        expect(ids).toEqual(turns.map(({ id }) => id));
        expect(reached.every((each) => each.epochs === epochs)).toBe(true);
      }),
    );
  });

  test("with halving begins every trial, skips no rung, and gives nothing out twice", () => {
    fc.assert(
      fc.property(sweep, ({ losses, groups, epochs, parallel, picks }) => {
        const rungs = rungsOf(epochs);
        const reached = runAll(turnsFor(losses.length, groups, rungs), losses, parallel, () => picks.next().value);
        const keys = reached.map(({ trial, epochs }) => `${trial} ${epochs}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (let trial = 1; trial <= losses.length; trial++) {
          const own = reached.filter((each) => each.trial === trial).map((each) => each.epochs);
          expect(own).toEqual(rungs.slice(0, own.length));
          expect(own.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test("with halving promotes, in the end, the best third of each rung and never one that failed", () => {
    fc.assert(
      fc.property(sweep, ({ losses, groups, epochs, parallel, picks }) => {
        const rungs = rungsOf(epochs);
        const turns = turnsFor(losses.length, groups, rungs);
        const reached = runAll(turns, losses, parallel, () => picks.next().value);
        for (let group = 0; group < groups; group++) {
          const ids = new Set(turns.filter((turn) => turn.group === group).map(({ id }) => id));
          for (const [rung, epochs] of rungs.entries()) {
            const there = reached.filter((each) => each.epochs === epochs && ids.has(each.trial));
            const above = new Set(reached.filter((each) => each.epochs === rungs[rung + 1]).map(({ trial }) => trial));
            const whole = there
              .filter(({ loss }) => loss !== null)
              .sort((a, b) => a.loss! - b.loss! || a.trial - b.trial);
            const third = whole.slice(0, Math.floor(there.length / eta));
            if (rung < rungs.length - 1) for (const { trial } of third) expect(above).toContain(trial);
            for (const { trial, loss } of there) if (loss === null) expect(above).not.toContain(trial);
          }
        }
      }),
    );
  });

  test("that is stopped anywhere and goes on from its results ends with as many trials at the lowest rung", () => {
    const turns = turnsFor(9, 1, [1, 3]);
    const losses = [9, 8, 7, 6, 5, 4, 3, 2, 1];
    for (let stop = 0; stop < 9; stop++) {
      const reached = turns.slice(0, stop).map(({ id }) => ({ trial: id, epochs: 1, loss: losses[id - 1]! }));
      const next = nextAssignments({ turns, reached, outstanding: [] }, Number.POSITIVE_INFINITY);
      const begun = new Set([...reached, ...next].map(({ trial }) => trial));
      expect(begun.size).toBe(9);
    }
  });
});

test.each([
  [3, [1, 3]],
  [8, [1, 3, 8]],
  [10, [1, 3, 10]],
  [20, [2, 7, 20]],
  [27, [1, 3, 9, 27]],
  [2, [2]],
])("a run of %i epochs has its rungs at %j", (epochs, rungs) => {
  expect(rungsOf(epochs)).toEqual(rungs);
});

test("the promotion from the highest rung comes first, then a lower one's, then a trial that has not begun", () => {
  const turns = turnsFor(10, 1, [1, 3, 9]);
  const at = (epochs: number, ...trials: number[]) => trials.map((trial) => ({ trial, epochs, loss: trial }));
  const reached = [...at(1, 1, 2, 3, 4, 5, 6, 7, 8, 9), ...at(3, 1, 2, 3)];
  expect(
    nextAssignments(
      { turns, reached: reached.filter(({ trial, epochs }) => epochs === 1 || trial < 4), outstanding: [] },
      9,
    ),
  ).toEqual([
    { trial: 1, epochs: 9 },
    { trial: 10, epochs: 1 },
  ]);
});
