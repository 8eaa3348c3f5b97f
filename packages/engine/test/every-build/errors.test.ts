import { type Batch, EngineError, type EngineOptions, isEngineError } from "@charlstm/engine";
import { describe, expect, test } from "vitest";
import { makeEngine, openEngine, randomBatch, randomWeights } from "../support.js";

const [V, N, T] = [9, 10, 4];
const options: EngineOptions = { vocabularySize: V, units: [6], rows: N, length: T, threads: 2 };

/** The error that a call throws or rejects with; everything else fails the test. */
async function errorOf(call: () => unknown): Promise<EngineError> {
  try {
    await call();
  } catch (error) {
    if (isEngineError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("options", () => {
  const wrong: [string, object][] = [
    ['no option "learningRate"', { learningRate: 1 }],
    ["vocabularySize", { vocabularySize: 0 }],
    ["vocabularySize", { vocabularySize: 2.5 }],
    ["units", { units: [] }],
    ["units", { units: 128 }],
    ["units", { units: [4, 4, 4, 4, 4] }],
    ["units", { units: [0] }],
    ["dropout", { dropout: 1 }],
    ["dropout", { dropout: Number.NaN }],
    ["dropout", { dropout: "0.5" }],
    ["objective", { objective: "both" }],
    ["rows", { rows: 0 }],
    ["length", { length: -1 }],
    ["clipNorm", { clipNorm: -1 }],
    ["seed", { seed: 0.5 }],
    ["threads", { threads: 0 }],
    ["build", { build: "native" }],
    ["purpose", { purpose: "fun" }],
    ["optimizer", { optimizer: null }],
    ["optimizer.name", { optimizer: { name: "lion" } }],
    ['rmsprop has no option "beta1"', { optimizer: { name: "rmsprop", beta1: 0.9 } }],
    ["optimizer.rho", { optimizer: { name: "rmsprop", rho: 2 } }],
  ];
  test.each(wrong)("%s is refused when it is %o", async (name, change) => {
    const error = await errorOf(() => makeEngine({ ...options, ...change } as EngineOptions));
    expect(error).toMatchObject({ code: "BAD_OPTION" });
    expect(error.message).toContain(name);
  });

  test("a model that no memory can hold is refused with the bytes it needs", async () => {
    const error = await errorOf(() => makeEngine({ ...options, units: [8192, 8192], rows: 1e6, length: 1e6 }));
    expect(error.code).toBe("OUT_OF_MEMORY");
    expect(error.details.bytes).toBeGreaterThan(2 ** 50);
    expect(error.message).toMatch(/needs \d+ MiB of .*, and (WebAssembly|this machine) has \d+ MiB/);
  });
});

describe("batches", () => {
  const batch = randomBatch(V, N, T, false, 1);
  const with_ = (ids: Uint16Array, at: number, id: number) => ids.map((value, index) => (index === at ? id : value));
  const wrong: [string, Partial<Batch>, RegExp][] = [
    ["has no rows", { rows: 0, inputs: new Uint8Array(), targets: new Uint8Array() }, /0 rows.*rows must be 1 to 10/],
    ["has no characters", { length: 0, inputs: new Uint8Array() }, /0 characters.*length must be 1 to 4/],
    ["has more rows than the engine", randomBatch(V, N + 1, T, false, 1), /11 rows.*1 to 10/],
    ["is longer than the engine's", randomBatch(V, N, T + 1, false, 1), /5 characters.*1 to 4/],
    [
      "lacks inputs",
      { inputs: batch.inputs.subarray(1) },
      /39 inputs and 10 targets.*10 rows of 4.* 40 and 10 .*window/,
    ],
    ["has a target for every character", { targets: new Uint8Array(N * T) }, /40 inputs and 40 targets.* 40 and 10 /],
    [
      "has an input outside the vocabulary",
      { inputs: with_(batch.inputs as Uint16Array, 7, V) },
      /id 9 at inputs\[7\]/,
    ],
    [
      "has a target outside the vocabulary",
      { targets: with_(batch.targets as Uint16Array, 3, 60_000) },
      /id 60000 at targets\[3\].*vocabulary of 9/,
    ],
  ];
  test.each(wrong)("one that %s is refused, and the engine goes on", async (_, change, message) => {
    const engine = await openEngine(options);
    const error = await errorOf(() => engine.trainBatch({ ...batch, ...change }, 0.01));
    expect(error.code).toBe("BAD_BATCH");
    expect(error.message).toMatch(message);
    expect((await errorOf(() => engine.scoreBatch({ ...batch, ...change }))).code).toBe("BAD_BATCH");
    expect((await engine.trainBatch(batch, 0.01)).loss).toBeCloseTo(Math.log(V), 5);
  });

  test("a learning rate that is no number is refused", async () => {
    const engine = await openEngine(options);
    for (const rate of [Number.NaN, -1, Infinity, 1e39]) {
      expect((await errorOf(() => engine.trainBatch(batch, rate))).code).toBe("BAD_OPTION");
    }
  });
});

describe("weights, slots and states", () => {
  const weights = randomWeights(V, [6], 1);
  const replace = (index: number, change: object) =>
    weights.map((tensor, at) => (at === index ? { ...tensor, ...change } : tensor));

  test.each([
    ["too few", weights.slice(0, -1), /got 4 tensors of weights, this model has 5: lstm\/kernel, .*, dense\/bias/],
    ["too many", [...weights, weights[0]!], /got 6 tensors of weights, this model has 5/],
    [
      "wrongly named",
      replace(1, { name: "lstm/kernel" }),
      /tensor 1 of weights is lstm\/kernel .*lstm\/recurrent_kernel/,
    ],
    ["wrongly shaped", replace(0, { shape: [24, V] }), /lstm\/kernel \[24,9\].*\[9,24\]/],
    ["too short", replace(3, { values: new Float32Array(3) }), /with 3 values.*with 54/],
    ["NaN", replace(4, { values: new Float32Array(V).fill(Number.NaN) }), /value 0 of weights dense\/bias is NaN/],
    ["infinite", replace(2, { values: new Float32Array(24).fill(Infinity) }), /lstm\/bias is Infinity/],
  ])("weights that are %s are refused, and the old ones stay", async (_, wrong, message) => {
    const engine = await openEngine(options);
    engine.writeWeights(weights);
    const error = await errorOf(() => engine.writeWeights(wrong));
    expect(error.code).toBe("BAD_WEIGHTS");
    expect(error.message).toMatch(message);
    expect(engine.readWeights()).toEqual(weights);
  });

  test("another optimizer's state is refused, and so is one with NaN", async () => {
    const engine = await openEngine(options);
    const state = engine.readOptimizer();
    expect((await errorOf(() => engine.writeOptimizer({ ...state, name: "adam" }))).code).toBe("BAD_WEIGHTS");
    expect((await errorOf(() => engine.writeOptimizer({ ...state, step: -1 }))).code).toBe("BAD_WEIGHTS");
    expect((await errorOf(() => engine.writeOptimizer({ ...state, slots: [] }))).code).toBe("BAD_WEIGHTS");
    state.slots[2]!.values[0] = Number.NaN;
    expect((await errorOf(() => engine.writeOptimizer(state))).code).toBe("BAD_WEIGHTS");
  });

  test("a state of another size is refused", async () => {
    const engine = await openEngine({ ...options, objective: "sequence" });
    expect((await errorOf(() => engine.writeState(new Float32Array(7)))).code).toBe("BAD_WEIGHTS");
  });

  test("a gradient that is not finite leaves the weights as they are, and the result says so", async () => {
    const engine = await openEngine(options);
    engine.writeWeights(replace(3, { values: new Float32Array(6 * V).fill(3e38) }));
    const before = { weights: engine.readWeights(), optimizer: engine.readOptimizer() };
    const result = await engine.trainBatch(randomBatch(V, N, T, false, 1), 0.01);
    expect(Number.isFinite(result.loss) && Number.isFinite(result.gradientNorm)).toBe(false);
    expect({ weights: engine.readWeights(), optimizer: engine.readOptimizer() }).toEqual(before);
  });
});

describe("at the wrong time", () => {
  test("a second call before the first has ended is refused, and the first is not disturbed", async () => {
    const engine = await openEngine(options);
    const batch = randomBatch(V, N, T, false, 1);
    const first = engine.trainBatch(batch, 0.01);
    expect((await errorOf(() => engine.trainBatch(batch, 0.01))).code).toBe("BUSY");
    expect((await errorOf(() => engine.readWeights())).code).toBe("BUSY");
    expect((await first).loss).toBeCloseTo(Math.log(V), 5);
    engine.readWeights();
  });

  test("an engine for streams or scoring does not train, and says so", async () => {
    const batch = randomBatch(V, N, T, false, 1);
    const streams = await openEngine({ ...options, purpose: "streams" });
    expect((await errorOf(() => streams.trainBatch(batch, 0.01))).code).toBe("WRONG_PURPOSE");
    expect((await errorOf(() => streams.scoreBatch(batch))).code).toBe("WRONG_PURPOSE");
    const scoring = await openEngine({ ...options, purpose: "scoring" });
    expect((await errorOf(() => scoring.trainBatch(batch, 0.01))).code).toBe("WRONG_PURPOSE");
    expect((await errorOf(() => scoring.readOptimizer())).code).toBe("WRONG_PURPOSE");
  });

  test("a disposed engine refuses everything but to be disposed of again", async () => {
    const engine = await makeEngine(options);
    await engine.dispose();
    await engine.dispose();
    const batch = randomBatch(V, N, T, false, 1);
    expect((await errorOf(() => engine.trainBatch(batch, 0.01))).code).toBe("CLOSED");
    expect(await errorOf(() => engine.openStream())).toMatchObject({
      code: "CLOSED",
      message: expect.stringContaining("make a new one"),
    });
    expect(engine.bytes).toBe(0);
  });
});

test("an error of another installed copy is recognised, other errors are not", () => {
  const foreign = Object.assign(new Error("x"), { name: "EngineError", code: "BUSY" });
  expect(isEngineError(foreign)).toBe(true);
  expect(isEngineError(new EngineError("BUSY", "x"))).toBe(true);
  expect(isEngineError(Object.assign(new Error("x"), { name: "OtherError", code: "BUSY" }))).toBe(false);
  expect(isEngineError(new Error("x"))).toBe(false);
});
