import { expect, test } from "vitest";
import {
  applyTemperature,
  banIds,
  beamSearch,
  createRandom,
  createSampler,
  keepMinP,
  keepTopK,
  keepTopP,
  keepTypical,
  logitsOfProbabilities,
  logSoftmax,
  logSumExp,
  penalize,
  type SamplingError,
  sample,
  sampleLogits,
  scoreIds,
  softmax,
} from "../src/index.js";

const noOption = { nothing: 1 } as never;

test.each<[string, () => unknown]>([
  ["sample", () => sample([1], noOption)],
  ["sampleLogits", () => sampleLogits([1], noOption)],
  ["createSampler", () => createSampler(noOption)],
  ["draw", () => createSampler().draw([1], noOption)],
  ["softmax", () => softmax([1], noOption)],
  ["logSoftmax", () => logSoftmax([1], noOption)],
  ["logitsOfProbabilities", () => logitsOfProbabilities([1], noOption)],
  ["penalize", () => penalize([1], [], noOption)],
  ["scoreIds", () => scoreIds([], noOption)],
  ["beamSearch", () => beamSearch({ state: 0, logits: [1] }, noOption)],
])("%s refuses an option that it does not know, and names those that exist", async (name, call) => {
  const error = await Promise.resolve()
    .then(call)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "BAD_OPTION", details: { option: "nothing" } });
  const { message, details } = error as SamplingError;
  expect(message).toBe(`${name} has no option "nothing": use one of ${(details.known as string[]).join(", ")}`);
});

test.each<[string, () => unknown]>([
  ["the probabilities are empty", () => sample([])],
  ["the probabilities are empty", () => createSampler({ input: "probabilities" })([])],
  ...[
    () => sampleLogits([]),
    () => createSampler()([]),
    () => softmax([]),
    () => logSumExp([]),
    () => applyTemperature([], 1),
    () => keepTopK([], 1),
    () => keepTopP([], 0.5),
    () => keepMinP([], 0.5),
    () => keepTypical([], 0.5),
  ].map((call): [string, () => unknown] => ["the logits are empty", call]),
  ["top-p is 2", () => keepTopP([1], 2)],
  ["top-p is 2", () => createSampler({ topP: 2 })],
  ["typical-p is 2", () => keepTypical([1], 2)],
  ["typical-p is 2", () => createSampler({ typicalP: 2 })],
  ["penaltyWindow is 0", () => createSampler({ penaltyWindow: 0 })],
  ["alternatives is -1", () => createSampler().draw([1], { alternatives: -1 })],
  ["every logit is -Infinity", () => keepTopP([Number.NEGATIVE_INFINITY], 0.5)],
])("a message begins with what was wrong: %s (%#)", (beginning, call) => {
  expect(call).toThrow(beginning);
});

test.each<[Record<string, unknown>, () => unknown]>([
  [{ temperature: -1 }, () => sample([1], { temperature: -1 })],
  [{ value: 2 }, () => sample([1], { random: () => 2 })],
  [{ length: 3 }, () => sample([1, 1, 1], { scratch: new Float64Array(2) })],
  [{ id: 1, value: -1 }, () => sample([1, -1])],
  [{ id: 2, value: Number.POSITIVE_INFINITY }, () => sampleLogits([0, 0, Number.POSITIVE_INFINITY])],
  [{ share: 0 }, () => keepTopP([1], 0)],
  [{ id: 9, vocabularySize: 2 }, () => banIds([1, 2], [9])],
  [{ penaltyWindow: 0 }, () => createSampler({ penaltyWindow: 0 })],
  [{ input: "scores" }, () => createSampler({ input: "scores" as never })],
  [{ p: 2 }, () => keepMinP([1], 2)],
  [{ k: 0 }, () => keepTopK([1], 0)],
  [{ repetitionPenalty: 0 }, () => penalize([1], [], { repetitionPenalty: 0 })],
  [{ frequencyPenalty: Number.NaN }, () => createSampler({ frequencyPenalty: Number.NaN, presencePenalty: 0 })],
  [{ seed: 0.5 }, () => createRandom(0.5)],
  [{ state: [1] }, () => createRandom([1] as never)],
])("details hold what was given: %o", (details, call) => {
  try {
    call();
  } catch (error) {
    expect((error as SamplingError).details).toEqual(details);
    return;
  }
  expect.fail("nothing was refused");
});
