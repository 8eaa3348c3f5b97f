import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beamSearch } from "./beam-search.js";
import { createRandom } from "./random.js";
import { scoreIds } from "./score-ids.js";
import { logSoftmax } from "./softmax.js";

/** A model whose logits depend on the last id only; its state is the text so far, to catch states that get mixed up. */
function tableModel(table: readonly (readonly number[])[], first: readonly number[]) {
  return {
    start: { state: "", logits: first },
    step: (state: string, id: number) => ({ state: `${state}${id}`, logits: table[id]! }),
  };
}

const size = 4;
const row = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size });
const model = fc
  .tuple(fc.array(row, { minLength: size, maxLength: size }), row)
  .map(([table, first]) => tableModel(table, first));

/** A model whose logits depend on the whole text, so that no two texts are equally probable. */
function textModel(seed: number) {
  const predict = (state: string) => {
    const random = createRandom(seed + Number.parseInt(`1${state}`, size));
    return { state, logits: Array.from({ length: size }, () => 6 * random()) };
  };
  return { start: predict(""), step: (state: string, id: number) => predict(`${state}${id}`) };
}

interface SearchOptions {
  width: number;
  length: number;
  endIds: readonly number[];
  lengthPenalty: number;
}

/** The definition: every text kept, every id after it, nothing given up early. Plain, slow. */
async function searchPlainly(
  { start, step }: ReturnType<typeof textModel>,
  { width, length, endIds, lengthPenalty }: SearchOptions,
) {
  const score = (ids: readonly number[], logProbability: number) =>
    logProbability / Math.max(1, ids.length) ** lengthPenalty;
  let open = [{ ids: [] as number[], logProbability: 0, prediction: start }];
  const finished: { ids: number[]; score: number; complete: boolean }[] = [];
  for (let position = 0; position < length; position++) {
    const texts = open.flatMap(({ ids, logProbability, prediction }) =>
      Array.from(logSoftmax(prediction.logits), (own, id) => ({
        ids: [...ids, id],
        logProbability: logProbability + own,
        prediction,
      })),
    );
    texts.sort((a, b) => b.logProbability - a.logProbability);
    open = [];
    for (const [rank, text] of texts.entries()) {
      if (open.length === width) break;
      if (!endIds.includes(text.ids.at(-1)!)) open.push(text);
      else if (rank < width) finished.push({ ...text, score: score(text.ids, text.logProbability), complete: true });
    }
    open = open.map((text) => ({ ...text, prediction: step(text.prediction.state, text.ids.at(-1)!) }));
  }
  const all = [
    ...finished.sort((a, b) => b.score - a.score).slice(0, width),
    ...open.map((text) => ({ ...text, score: score(text.ids, text.logProbability), complete: false })),
  ];
  return all
    .sort((a, b) => b.score - a.score)
    .slice(0, width)
    .map(({ ids, complete }) => ({ ids, complete }));
}

describe("beam search", () => {
  test("finds what a search that gives nothing up early finds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat().map(textModel),
        fc.record({
          width: fc.integer({ min: 1, max: 6 }),
          length: fc.integer({ min: 0, max: 7 }),
          endIds: fc.constantFrom([], [0], [1, 2]),
          lengthPenalty: fc.constantFrom(-1, 0, 0.5, 1, 2),
        }),
        async ({ start, step }, options) => {
          const beams = await beamSearch(start, { step, ...options });
          const found = beams.map(({ ids, complete }) => ({ ids, complete }));
          expect(found).toEqual(await searchPlainly({ start, step }, options));
        },
      ),
    );
  });

  test("asks for no step that could not change what it found", async () => {
    const { start, step } = tableModel(
      [
        [9, 0],
        [9, 0],
      ] as const,
      [9, 0],
    );
    let steps = 0;
    const counted = (state: string, id: number) => {
      steps++;
      return step(state, id);
    };
    const beams = await beamSearch(start, { step: counted, width: 1, length: 50, endIds: [0], lengthPenalty: 0 });
    expect([beams[0]!.ids, steps]).toEqual([[0], 0]);
    await beamSearch(start, { step: counted, width: 1, length: 5 });
    expect(steps).toBe(4); // the last id needs no step after it
  });

  test("as wide as all texts finds the most probable of them all", async () => {
    await fc.assert(
      fc.asyncProperty(model, async ({ start, step }) => {
        const beams = await beamSearch(start, { step, width: size ** 3, length: 3 });
        expect(beams).toHaveLength(size ** 3);
        let best = Number.NEGATIVE_INFINITY;
        for (let text = 0; text < size ** 3; text++) {
          const ids = [text % size, Math.floor(text / size) % size, Math.floor(text / size ** 2)];
          best = Math.max(best, (await scoreIds(ids, { start, step })).logProbability);
        }
        expect(beams[0]!.logProbability).toBeCloseTo(best, 9);
      }),
      { numRuns: 20 },
    );
  });

  test("gives each text the log-probability that scoreIds gives it, best first", async () => {
    const ends = fc.constantFrom([], [0], [1, 2]);
    await fc.assert(
      fc.asyncProperty(
        model,
        ends,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom(-1, 0, 0.5, 1, 2),
        async ({ start, step }, endIds, width, length, lengthPenalty) => {
          const beams = await beamSearch(start, { step, width, length, endIds, lengthPenalty });
          expect(beams.length).toBeGreaterThan(0);
          expect(beams.length).toBeLessThanOrEqual(width);
          for (const [index, beam] of beams.entries()) {
            const { logProbability } = await scoreIds(beam.ids, { start, step });
            expect(beam.logProbability).toBeCloseTo(logProbability, 9);
            expect(beam.score).toBe(beam.logProbability / Math.max(1, beam.ids.length) ** lengthPenalty);
            if (index > 0) expect(beam.score).toBeLessThanOrEqual(beams[index - 1]!.score);
            expect(beam.complete).toBe(endIds.some((id) => id === beam.ids.at(-1)));
            if (!beam.complete) expect(beam.ids).toHaveLength(length);
            expect(beam.ids.slice(0, -1).some((id) => endIds.some((end) => end === id))).toBe(false);
          }
        },
      ),
    );
  });

  test("of width 1 is greedy", async () => {
    const { start, step } = tableModel(
      [
        [0, 1],
        [2, 1],
      ] as const,
      [1, 0],
    );
    expect((await beamSearch(start, { step, width: 1, length: 4 }))[0]!.ids).toEqual([0, 1, 0, 1]);
  });

  test("wider than the vocabulary starts with all of it", async () => {
    const { start, step } = tableModel(
      [
        [0, 1],
        [2, 1],
      ] as const,
      [1, 0],
    );
    expect(await beamSearch(start, { step, width: 100, length: 1 })).toHaveLength(2);
  });

  test("of length 0 gives the empty text", async () => {
    const { start, step } = tableModel([], [0]);
    expect(await beamSearch(start, { step, width: 3, length: 0 })).toEqual([
      { ids: [], logProbability: 0, score: 0, complete: false },
    ]);
  });

  test("never follows an id that the model excludes", async () => {
    const excluded = Number.NEGATIVE_INFINITY;
    const { start, step } = tableModel(
      [
        [excluded, 0],
        [0, excluded],
      ] as const,
      [0, excluded],
    );
    const beams = await beamSearch(start, { step, width: 5, length: 3 });
    expect(beams.map((beam) => beam.ids)).toEqual([[0, 1, 0]]);
  });

  test("may read the logits from one buffer that the model writes again and again, and wait for them", async () => {
    const table = [
      [0.1, 1, 2],
      [3, 0.5, 1],
      [1, 1.5, 0.2],
    ];
    const buffer = new Float32Array(3);
    const step = async (state: number, id: number) => {
      buffer.set(table[id]!);
      return { state: state + 1, logits: buffer };
    };
    const own = (state: number, id: number) => ({ state: state + 1, logits: Float32Array.from(table[id]!) });
    buffer.set([1, 2, 3]);
    const reused = await beamSearch({ state: 0, logits: buffer }, { step, width: 3, length: 4 });
    const copied = await beamSearch({ state: 0, logits: [1, 2, 3] }, { step: own, width: 3, length: 4 });
    expect(reused).toEqual(copied);
  });

  test("stops with the signal's reason, before the next step", async () => {
    const controller = new AbortController();
    let steps = 0;
    const step = (state: null) => {
      if (++steps === 3) controller.abort(new Error("enough"));
      return { state, logits: [0, 1] };
    };
    const start = { state: null, logits: [0, 1] };
    const search = beamSearch(start, { step, width: 2, length: 100, signal: controller.signal });
    await expect(search).rejects.toThrow("enough");
    expect(steps).toBe(3);
  });
});

describe("the log-probability of a text", () => {
  test("is the sum over its ids, each after those before it", async () => {
    const table = [
      [0, 1],
      [2, 1],
    ] as const;
    const { start, step } = tableModel(table, [1, 0]);
    const { logProbability, logProbabilities } = await scoreIds([0, 1, 1], { start, step });
    const expected = [logSoftmax([1, 0])[0]!, logSoftmax(table[0])[1]!, logSoftmax(table[1])[1]!];
    expect(Array.from(logProbabilities)).toEqual(expected.map((value) => expect.closeTo(value, 12)));
    expect(logProbability).toBeCloseTo(expected[0]! + expected[1]! + expected[2]!, 12);
  });

  test("of no text is 0, and of a text with an excluded id minus infinity", async () => {
    const start = { state: null, logits: [0, Number.NEGATIVE_INFINITY] };
    const step = () => start;
    expect((await scoreIds([], { start, step })).logProbability).toBe(0);
    expect((await scoreIds([0, 1], { start, step })).logProbability).toBe(Number.NEGATIVE_INFINITY);
  });

  test("of all texts of one length sums to probability 1", async () => {
    await fc.assert(
      fc.asyncProperty(model, async ({ start, step }) => {
        let total = 0;
        for (let text = 0; text < size ** 2; text++) {
          const ids = [text % size, Math.floor(text / size)];
          total += Math.exp((await scoreIds(ids, { start, step })).logProbability);
        }
        expect(total).toBeCloseTo(1, 10);
      }),
      { numRuns: 20 },
    );
  });

  test("stops with the signal's reason", async () => {
    const start = { state: null, logits: [0] };
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(scoreIds([0, 0], { start, step: () => start, signal })).rejects.toThrow("enough");
  });
});
