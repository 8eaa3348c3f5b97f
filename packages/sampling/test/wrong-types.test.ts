// What JavaScript lets through and TypeScript would not: refused, as a SamplingError, never taken for something else.
import { describe, expect, test } from "vitest";
import * as sampling from "../src/index.js";

const {
  allowOnlyIds,
  applyTemperature,
  banIds,
  beamSearch,
  biasLogits,
  createRandom,
  createSampler,
  dropTopChoices,
  isSamplingError,
  keepMinP,
  keepTopK,
  keepTopNSigma,
  keepTopP,
  keepTypical,
  logitsOfProbabilities,
  logSoftmax,
  logSumExp,
  penalize,
  penalizeRepeats,
  sample,
  sampleLogits,
  scoreIds,
  softmax,
} = sampling;

async function refusal(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
  } catch (error) {
    if (!isSamplingError(error)) throw error;
    return error.code;
  }
  return undefined;
}

const strange: unknown[] = [
  ...[undefined, null, true, 7, 0.5, Number.NaN, 7n, "", "0.5", "logits", Symbol("x")],
  ...[{}, [], [1], ["1"], [[1, 2]], [null], [7n], { length: 2 }, { length: -1 }, { length: Number.POSITIVE_INFINITY }],
  ...[new Set([2]), new Map([[1, 2]]), new Date(0), /x/, () => 1, Object.create(null), BigInt64Array.of(1n)],
  ...[new Int32Array(3), new Uint8Array(2), new Float32Array(0), new ArrayBuffer(8), new DataView(new ArrayBuffer(8))],
];
const start = { state: null, logits: [1, 2, 3] };
const step = () => start;

/** Every public function with something strange in each place in turn. */
const calls: [string, (value: never) => unknown][] = [
  ["sample's probabilities", (value) => sample(value)],
  ["sample's options", (value) => sample([0.5, 0.5], value)],
  ["sampleLogits' logits", (value) => sampleLogits(value)],
  ["sampleLogits' options", (value) => sampleLogits([1, 2], value)],
  ...["temperature", "random", "scratch"].map((name): [string, (value: never) => unknown] => [
    `sample's ${name}`,
    (value) => sample([0.5, 0.5], { [name]: value }),
  ]),
  ["createSampler's options", (value) => createSampler(value)],
  ...[
    ...["input", "logitBias", "repetitionPenalty", "frequencyPenalty", "presencePenalty", "penaltyWindow", "dry"],
    ...["unpenalizedIds", "allowedIds", "bannedIds", "temperature", "temperatureLast", "topNSigma", "topK", "topP"],
    ...["minP", "typicalP", "minKeep", "xtc", "mirostat", "random"],
  ].map((name): [string, (value: never) => unknown] => [
    `createSampler's ${name}`,
    (value) => createSampler({ [name]: value })([1, 2, 3]),
  ]),
  ["a sampler's logits", (value) => createSampler()(value)],
  ["a sampler's probabilities", (value) => createSampler({ input: "probabilities" })(value)],
  ["a sampler's mask", (value) => createSampler()([1, 2, 3], value)],
  ["a sampler's mask's ids", (value) => createSampler()([1, 2, 3], { allowedIds: value })],
  ["draw's options", (value) => createSampler().draw([1, 2, 3], value)],
  ["distribution's options", (value) => createSampler().distribution([1, 2, 3], value)],
  ["what is observed", (value) => createSampler().observe(value)],
  ["softmax's logits", (value) => softmax(value)],
  ["softmax's options", (value) => softmax([1], value)],
  ["logSoftmax's logits", (value) => logSoftmax(value)],
  ["logSumExp's logits", (value) => logSumExp(value)],
  ["logitsOfProbabilities' probabilities", (value) => logitsOfProbabilities(value)],
  ["a tempered array", (value) => applyTemperature(value, 2)],
  ["top-k's logits", (value) => keepTopK(value, 2)],
  ["top-k's k", (value) => keepTopK([1, 2], value)],
  ["top-p's logits", (value) => keepTopP(value, 0.5)],
  ["top-p's p", (value) => keepTopP([1, 2], value)],
  ["top-p's minKeep", (value) => keepTopP([1, 2], 0.5, undefined, value)],
  ["min-p's logits", (value) => keepMinP(value, 0.5)],
  ["typical's logits", (value) => keepTypical(value, 0.5)],
  ["top-n-sigma's logits", (value) => keepTopNSigma(value, 1)],
  ["XTC's logits", (value) => dropTopChoices(value, 0.1)],
  ["banned ids", (value) => banIds([1, 2, 3], value)],
  ["logits to ban from", (value) => banIds(value, [0])],
  ["allowed ids", (value) => allowOnlyIds([1, 2, 3], value)],
  ["a bias", (value) => biasLogits([1, 2, 3], value)],
  ["penalized ids", (value) => penalize([1, 2, 3], value, { presencePenalty: 1 })],
  ["penalties", (value) => penalize([1, 2, 3], [1], value)],
  ["a repeated text", (value) => penalizeRepeats([1, 2, 3], value, { multiplier: 1 })],
  ["DRY's options", (value) => penalizeRepeats([1, 2, 3], [1, 1, 1], value)],
  ["a seed or state", (value) => createRandom(value)],
  ["beamSearch's start", (value) => beamSearch(value, { step, width: 1, length: 2 })],
  ["beamSearch's logits", (value) => beamSearch({ state: 0, logits: value }, { step, width: 1, length: 2 })],
  ["beamSearch's options", (value) => beamSearch(start, value)],
  ["what a step returns", (value) => beamSearch(start, { step: () => value, width: 1, length: 2 })],
  ...["step", "width", "length", "endIds", "lengthPenalty", "signal"].map(
    (name): [string, (value: never) => unknown] => [
      `beamSearch's ${name}`,
      (value) => beamSearch(start, { step, width: 1, length: 2, [name]: value }),
    ],
  ),
  ["scored ids", (value) => scoreIds(value, { start, step })],
  ["scoreIds' start", (value) => scoreIds([1], { start: value, step })],
  ["scoreIds' options", (value) => scoreIds([1], value)],
];

describe("everything thrown is a SamplingError", () => {
  test.each(calls)("%s", async (_, call) => {
    for (const value of strange) await refusal(() => call(value as never)); // throws what is none
  });
});

test.each<[string, () => unknown, string]>([
  ["Keras's order of arguments", () => sample([0.1, 0.2, 0.7], 0.2 as never), "BAD_OPTION"],
  ["a temperature alone", () => createSampler(0.7 as never), "BAD_OPTION"],
  ["options in a Set or an array", () => createSampler(new Set([1]) as never), "BAD_OPTION"],
  ["options that are null", () => createSampler(null as never), "BAD_OPTION"],
  ["banned ids in a Set", () => createSampler({ bannedIds: new Set([2]) as never }), "NOT_AN_ARRAY"],
  ["a function for banned ids", () => createSampler({ bannedIds: (() => true) as never }), "NOT_AN_ARRAY"],
  ["a text for banned ids", () => createSampler({ bannedIds: "" as never }), "NOT_AN_ARRAY"],
  [
    "a function for allowed ids",
    () => createSampler()([1, 2, 3], { allowedIds: (() => true) as never }),
    "NOT_AN_ARRAY",
  ],
  ["allowed ids in a Set", () => createSampler()([1, 2, 3], { allowedIds: new Set([2]) as never }), "NOT_AN_ARRAY"],
  [
    "end ids in a Set",
    () => beamSearch(start, { step, width: 1, length: 2, endIds: new Set([1]) as never }),
    "NOT_AN_ARRAY",
  ],
  ["end ids outside the vocabulary", () => beamSearch(start, { step, width: 1, length: 2, endIds: [3] }), "BAD_ID"],
  ["a number in words", () => createSampler({ topP: "0.5" as never }), "BAD_OPTION"],
  ["logits in words", () => sampleLogits(["1", "2"] as never), "NOT_A_NUMBER"],
  ["probabilities in words", () => sample(["0.5", "0.5"] as never), "NOT_A_NUMBER"],
  ["rows of one number", () => softmax([[1], [2]] as never), "NOT_A_NUMBER"],
  ["integers to mask in place", () => banIds(Int32Array.of(1, 2) as never, [0]), "NOT_AN_ARRAY"],
  ["a random number instead of a generator", () => createSampler({ random: 7 as never }), "BAD_RANDOM"],
  ["the same of sample()", () => sample([1], { random: 7 as never }), "BAD_RANDOM"],
  ["no logits", () => softmax(undefined as never), "NOT_AN_ARRAY"],
  ["a prediction that is none", () => scoreIds([1], { start: null as never, step }), "NOT_AN_ARRAY"],
])("%s is refused by name", async (_, call, code) => {
  expect(await refusal(call)).toBe(code);
});

test("undefined is as good as an option left out, for every one of them", () => {
  const flags: { topK?: number | undefined; random?: (() => number) | undefined } = {};
  const options: sampling.SamplerOptions = {
    ...{ input: undefined, logitBias: undefined, repetitionPenalty: undefined, frequencyPenalty: undefined },
    ...{ presencePenalty: undefined, penaltyWindow: undefined, dry: undefined, unpenalizedIds: undefined },
    ...{ allowedIds: undefined, bannedIds: undefined, temperature: undefined, temperatureLast: undefined },
    ...{ topNSigma: undefined, topK: flags.topK, topP: undefined, minP: undefined, typicalP: undefined },
    ...{ minKeep: undefined, xtc: undefined, mirostat: undefined, random: flags.random },
  };
  expect(createSampler(options).distribution([1, 2])).toEqual(createSampler().distribution([1, 2]));
  expect(createSampler().draw([9, 0], { alternatives: undefined, allowedIds: undefined }).alternatives).toEqual([]);
  expect(sample([0, 1], { temperature: undefined, random: undefined, scratch: undefined })).toBe(1);
  expect(softmax([0], { out: undefined })).toEqual(Float64Array.of(1));
  penalize([1], [0], { repetitionPenalty: undefined, frequencyPenalty: undefined, presencePenalty: undefined });
  const dry = { multiplier: 1, base: undefined, allowedLength: undefined, window: undefined, breakerIds: undefined };
  expect(createSampler({ dry, mirostat: { target: 1, rate: undefined, limit: undefined } }).surpriseLimit).toBe(2);
});
