import { describe, expect, test } from "vitest";
import {
  allowOnlyIds,
  applyTemperature,
  banIds,
  beamSearch,
  createRandom,
  createSampler,
  isSamplingError,
  keepMinP,
  keepTopK,
  keepTopP,
  keepTypical,
  logitsOfProbabilities,
  logSoftmax,
  logSumExp,
  penalize,
  SamplingError,
  type SamplingErrorCode,
  sample,
  sampleLogits,
  scoreIds,
  softmax,
} from "../src/index.js";

const { NaN: nan, POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: masked } = Number;

function codeOf(call: () => unknown): SamplingErrorCode | undefined {
  try {
    call();
  } catch (error) {
    if (!isSamplingError(error)) throw error;
    expect(error.message).toMatch(/\w+ .*: |scratch must/);
    return error.code;
  }
  return undefined;
}

async function codeOfPromise(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => (isSamplingError(error) ? error.code : error),
  );
}

describe.each<[string, number[], SamplingErrorCode]>([
  ["empty", [], "EMPTY_INPUT"],
  ["not a number", [0.5, nan], "NOT_A_NUMBER"],
  ["negative", [0.5, -0.1], "NEGATIVE_PROBABILITY"],
  ["minus infinity", [0.5, masked], "NEGATIVE_PROBABILITY"],
  ["infinite", [0.5, infinity], "NOT_FINITE"],
  ["all zero", [0, 0], "ALL_ZERO"],
])("probabilities that are %s", (_, probabilities, code) => {
  test.each([0, 0.5, 1])(`are refused as ${code} at temperature %d`, (temperature) => {
    expect(codeOf(() => sample(probabilities, { temperature }))).toBe(code);
    expect(codeOf(() => sample(Float32Array.from(probabilities), { temperature }))).toBe(code);
    expect(codeOf(() => createSampler({ input: "probabilities", temperature })(probabilities))).toBe(code);
    expect(codeOf(() => logitsOfProbabilities(probabilities))).toBe(code);
  });
});

describe.each<[string, number[], SamplingErrorCode]>([
  ["empty", [], "EMPTY_INPUT"],
  ["not a number", [0, nan, 1], "NOT_A_NUMBER"],
  ["not a number at the start", [nan, 0], "NOT_A_NUMBER"],
  ["not a number after masked ones", [masked, nan], "NOT_A_NUMBER"],
  ["infinite", [0, infinity], "NOT_FINITE"],
  ["all masked", [masked, masked], "ALL_MASKED"],
])("logits that are %s", (_, logits, code) => {
  test.each([0, 0.5, 1])(`are refused as ${code} at temperature %d`, (temperature) => {
    expect(codeOf(() => sampleLogits(logits, { temperature }))).toBe(code);
    expect(codeOf(() => createSampler({ temperature })(logits))).toBe(code);
    expect(codeOf(() => createSampler({ temperature, topK: 1, topP: 0.5, minP: 0.1, typicalP: 0.5 })(logits))).toBe(
      code,
    );
    expect(codeOf(() => applyTemperature([...logits], temperature))).toBe(code);
  });

  test(`are refused as ${code} by every function that reads them all`, async () => {
    expect(codeOf(() => softmax(logits))).toBe(code);
    expect(codeOf(() => logSoftmax(logits))).toBe(code);
    expect(codeOf(() => logSumExp(logits))).toBe(code);
    expect(codeOf(() => keepTopP([...logits], 0.5))).toBe(code);
    expect(codeOf(() => keepMinP([...logits], 0.5))).toBe(code);
    expect(codeOf(() => keepTypical([...logits], 0.5))).toBe(code);
    const start = { state: null, logits };
    const step = () => start;
    expect(await codeOfPromise(beamSearch(start, { step, width: 2, length: 2 }))).toBe(code);
    expect(await codeOfPromise(scoreIds([0], { start, step }))).toBe(code === "EMPTY_INPUT" ? "BAD_ID" : code);
  });
});

test("top-k refuses a logit that is not a number", () => {
  expect(codeOf(() => keepTopK([1, nan, 2], 1))).toBe("NOT_A_NUMBER");
});

test("masking every id is refused when the id is drawn, by name", () => {
  expect(codeOf(() => createSampler({ bannedIds: [0, 1] })([1, 2]))).toBe("ALL_MASKED");
  expect(codeOf(() => createSampler({ allowedIds: [] })([1, 2]))).toBe("ALL_MASKED");
  expect(codeOf(() => createSampler({ allowedIds: [1], bannedIds: [1], temperature: 0 })([1, 2]))).toBe("ALL_MASKED");
});

test.each([-1, -1e-9, nan, infinity, masked, "1", null])("temperature %s is refused", (value) => {
  const temperature = value as number;
  expect(codeOf(() => sample([1], { temperature }))).toBe("BAD_TEMPERATURE");
  expect(codeOf(() => sampleLogits([1], { temperature }))).toBe("BAD_TEMPERATURE");
  expect(codeOf(() => createSampler({ temperature }))).toBe("BAD_TEMPERATURE");
  expect(codeOf(() => applyTemperature([1], temperature))).toBe("BAD_TEMPERATURE");
});

test("a small temperature neither overflows nor divides by zero", () => {
  for (const temperature of [1e-3, 1e-300, 5e-324]) {
    expect(sample([0.1, 0.6, 0.3], { temperature })).toBe(1);
    expect(sampleLogits([-1e300, 1e300, 0], { temperature })).toBe(1);
    expect(createSampler({ temperature, topK: 3, topP: 0.9 })([1, 3, 2])).toBe(1);
  }
});

test.each([1, 1.5, -0.1, nan])("a random function that returns %s is refused", (value) => {
  const random = () => value;
  expect(codeOf(() => sample([0.5, 0.5], { random }))).toBe("BAD_RANDOM");
  expect(codeOf(() => sampleLogits([0, 0], { random }))).toBe("BAD_RANDOM");
  expect(codeOf(() => createSampler({ random })([0, 0]))).toBe("BAD_RANDOM");
});

test.each([1.5, nan, infinity, 2 ** 53])("the seed %s is refused", (seed) => {
  expect(codeOf(() => createRandom(seed))).toBe("BAD_SEED");
});

test.each([
  [[0, 0, 0, 0]],
  [[1, 2, 3]],
  [[1, 2, 3, -1]],
  [[1, 2, 3, 2 ** 32]],
  [[1, 2, 3, 0.5]],
  ["7"],
  [null],
  [undefined],
])("the random state %s is refused", (state) => {
  expect(codeOf(() => createRandom(state as never))).toBe("BAD_STATE");
});

test("scratch that is too short or of another type is refused", () => {
  const scratch = new Float64Array(2);
  expect(codeOf(() => sample([1, 1, 1], { scratch }))).toBe("BAD_SCRATCH");
  expect(codeOf(() => sampleLogits([1, 1, 1], { scratch }))).toBe("BAD_SCRATCH");
  expect(codeOf(() => sampleLogits([1], { scratch: new Float32Array(9) as never }))).toBe("BAD_SCRATCH");
  expect(codeOf(() => softmax([1, 1, 1], { out: scratch }))).toBe("BAD_SCRATCH");
  expect(codeOf(() => keepTopP([1, 1], 0.5, scratch))).toBe("BAD_SCRATCH");
});

test.each<Record<string, unknown>>([
  { input: "scores" },
  { topK: 0 },
  { topK: 1.5 },
  { topK: nan },
  { topP: 0 },
  { topP: 0, temperature: 0 },
  { topP: 1.1 },
  { topP: nan },
  { minP: -0.1 },
  { minP: 1.1 },
  { minP: nan },
  { typicalP: 0 },
  { typicalP: 2 },
  { repetitionPenalty: 0 },
  { repetitionPenalty: -1 },
  { repetitionPenalty: infinity },
  { frequencyPenalty: nan },
  { presencePenalty: infinity },
  { penaltyWindow: 0 },
  { penaltyWindow: 1.5 },
])("the sampler refuses %o when it is made", (options) => {
  expect(codeOf(() => createSampler(options))).toBe("BAD_OPTION");
});

test.each([-1, 3, 0.5, nan])("the id %s is refused where there are three", async (id) => {
  expect(codeOf(() => banIds([1, 2, 3], [id]))).toBe("BAD_ID");
  expect(codeOf(() => allowOnlyIds([1, 2, 3], [id]))).toBe("BAD_ID");
  expect(codeOf(() => penalize([1, 2, 3], [id], { presencePenalty: 1 }))).toBe("BAD_ID");
  expect(codeOf(() => createSampler({ bannedIds: [id] })([1, 2, 3]))).toBe("BAD_ID");
  const observeAndDraw = () => {
    const sampler = createSampler({ presencePenalty: 1 });
    sampler.observe([id]);
    sampler([1, 2, 3]);
  };
  expect(codeOf(observeAndDraw)).toBe("BAD_ID");
  const start = { state: null, logits: [1, 2, 3] };
  expect(await codeOfPromise(scoreIds([id], { start, step: () => start }))).toBe("BAD_ID");
});

test.each([{ width: 0 }, { width: 1.5 }, { length: -1 }, { length: nan }, { lengthPenalty: nan }])(
  "beam search refuses %o",
  async (options) => {
    const start = { state: null, logits: [1, 2, 3] };
    const search = beamSearch(start, { step: () => start, width: 2, length: 2, ...options });
    expect(await codeOfPromise(search)).toBe("BAD_OPTION");
  },
);

test("an error of another copy of the package is recognised, other errors are not", () => {
  const foreign = Object.assign(new Error("…"), { name: "SamplingError", code: "ALL_ZERO" });
  expect(isSamplingError(foreign)).toBe(true);
  expect(isSamplingError(new SamplingError("ALL_ZERO", "…"))).toBe(true);
  expect(isSamplingError(new Error("…"))).toBe(false);
  expect(isSamplingError({ name: "SamplingError", code: "ALL_ZERO" })).toBe(false);
  expect(isSamplingError(undefined)).toBe(false);
});
