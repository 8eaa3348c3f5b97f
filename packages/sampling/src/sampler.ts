import {
  checkCount,
  checkId,
  checkLength,
  checkOptionNames,
  checkShare,
  checkTemperature,
  refuseAllMasked,
  uniform,
} from "./checks.js";
import { largestLogit, pickByWeight, weighLogits } from "./draw.js";
import { SamplingError } from "./errors.js";
import { allowOnlyIds, banIds } from "./masks.js";
import { checkMinP, keepMinP } from "./min-p.js";
import { checkPenalties, type Penalties, penalizeFirst } from "./penalties.js";
import { createRecentIds } from "./recent-ids.js";
import { logOfProbabilities } from "./sample.js";
import { softmax } from "./softmax.js";
import { applyTemperature } from "./temperature.js";
import { checkTopK, gatherTopK, largestIds } from "./top-k.js";
import { keepTopP } from "./top-p.js";
import { keepTypical } from "./typical.js";

/** Everything that shapes a draw. What is left out changes nothing. */
export interface SamplerOptions extends Penalties {
  /** What the model gives: `"logits"`, or `"probabilities"`, which become `log(p + 1e-8)`. Default `"logits"`. */
  input?: "logits" | "probabilities";
  /** How many of the last ids the penalties look at. Integer >= 1. Default `64`. */
  penaltyWindow?: number;
  /** Only these ids may be drawn. */
  allowedIds?: ArrayLike<number>;
  /** These ids are never drawn, not even when allowed. */
  bannedIds?: ArrayLike<number>;
  /** Finite, >= 0; `0` is greedy: the largest logit after penalties and masks. Default `1`. */
  temperature?: number;
  /** Integer >= 1. */
  topK?: number;
  /** In (0, 1]. */
  topP?: number;
  /** In [0, 1]. */
  minP?: number;
  /** In (0, 1]. */
  typicalP?: number;
  /** Uniform in `[0, 1)`, called once a draw and not at all at temperature 0. Default `Math.random`. */
  random?: () => number;
}

/** An id with the two probabilities that can be told of it. */
export interface Choice {
  id: number;
  /** Its chance in this draw, after penalties, masks, temperature and filters; 0 if they exclude it. */
  probability: number;
  /** What the model itself gave it. */
  modelProbability: number;
}

/** A draw and, on request, what else might have come: the model's favourites, the most probable first. */
export interface Draw extends Choice {
  alternatives: Choice[];
}

/** Draws ids one after the other, remembering those that the penalties need. Its buffers are made once for each V. */
export interface Sampler {
  /** Draws an id and observes it. Shape `[V]`, not modified. */
  (values: ArrayLike<number>): number;
  /** The same, with probabilities and `alternatives` (default `0`) of the model's most probable ids. */
  draw(values: ArrayLike<number>, options?: { alternatives?: number }): Draw;
  /** The probabilities that a draw would use. Shape `[V]`, sum 1; valid until the next call. Draws nothing. */
  distribution(values: ArrayLike<number>): Float64Array;
  /** Tells the penalties of ids that were not drawn here, such as the prompt's. */
  observe(ids: ArrayLike<number>): void;
  /** The last ids, at most `penaltyWindow`, oldest first: observe them in a new sampler to go on from here. */
  readonly recent: number[];
}

const samplerNames = [
  ...["input", "temperature", "topK", "topP", "minP", "typicalP", "allowedIds", "bannedIds", "random"],
  ...["repetitionPenalty", "frequencyPenalty", "presencePenalty", "penaltyWindow"],
];
const drawNames = ["alternatives"];

/**
 * Composes the samplers in one fixed order, which is Hugging Face's: penalties, allowed and banned ids, temperature,
 * top-k, top-p, min-p, locally typical, then one draw. Penalties come first because the repetition penalty depends on the
 * sign of the model's own logits; masks next, so that the filters count only ids that may be drawn; temperature before
 * the filters, so that they cut the very distribution that is drawn from; top-k first among these, as it is the cheapest
 * and leaves the others little to do.
 *
 * @throws {SamplingError} `BAD_OPTION`, `BAD_TEMPERATURE`; its calls throw what `sample` and `sampleLogits` throw, and
 *   `BAD_ID`.
 */
export function createSampler(options: SamplerOptions = {}): Sampler {
  checkSamplerOptions(options);
  const { input = "logits", temperature = 1, random = Math.random, penaltyWindow = 64 } = options;
  const { allowedIds, bannedIds, topK, topP, minP, typicalP } = options;
  const { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0 } = options;
  const penalizes = repetitionPenalty !== 1 || frequencyPenalty !== 0 || presencePenalty !== 0;
  const filters = topK !== undefined || topP !== undefined || minP !== undefined || typicalP !== undefined;
  const recent = createRecentIds(penaltyWindow);
  let work = new Float64Array(0);
  let scratch = new Float64Array(0);
  // With top-k, `work` holds the logits of these ids only, in their order.
  let ids = new Float64Array(0);
  let count = 0;

  /** Fills the first `count` of `work` with the weights of a draw and returns their sum. */
  function weigh(values: ArrayLike<number>): number {
    checkLength(values, `the ${input}`);
    const length = values.length;
    if (work.length !== length) {
      work = new Float64Array(length);
      scratch = new Float64Array(Math.max(2 * length, allowedIds?.length ?? 0));
      if (topK !== undefined) ids = new Float64Array(length);
    }
    if (input === "probabilities") logOfProbabilities(values, work);
    else work.set(values);

    if (penalizes) penalizeFirst(work, recent.ids, recent.count, options, scratch);
    if (allowedIds !== undefined) allowOnlyIds(work, allowedIds, scratch);
    if (bannedIds !== undefined) banIds(work, bannedIds);
    count = length;
    if (temperature === 0) {
      const best = largestLogit(work);
      work.fill(0);
      work[best] = 1;
      return 1;
    }
    // No temperature changes which logits are the largest, so top-k may go first and leave it k of them to divide.
    if (topK !== undefined) {
      count = gatherTopK(work, topK, scratch, ids, 0);
      if (count === 0) refuseAllMasked();
      for (let index = 0; index < count; index++) work[index] = work[ids[index]!]!;
    }
    const left = count === length ? work : work.subarray(0, count);
    // Without filters the weights divide by the temperature themselves, which saves two passes over the vocabulary.
    if (filters && temperature !== 1) applyTemperature(left, temperature);
    if (topP !== undefined) keepTopP(left, topP, scratch);
    if (minP !== undefined) keepMinP(left, minP);
    if (typicalP !== undefined) keepTypical(left, typicalP, scratch);
    return weighLogits(left, count, left[largestLogit(left)]!, filters ? 1 : temperature);
  }

  function idAt(index: number): number {
    return topK === undefined || temperature === 0 ? index : ids[index]!;
  }

  function pick(total: number): number {
    const id = idAt(pickByWeight(work, count, total, temperature === 0 ? 0 : uniform(random)));
    recent.add(id);
    return id;
  }

  /** Shape `[V]`, in the first half of `scratch`. */
  function spread(total: number): Float64Array {
    const probabilities = scratch.subarray(0, work.length).fill(0);
    for (let index = 0; index < count; index++) probabilities[idAt(index)] = work[index]! / total;
    return probabilities;
  }

  const sampler = (values: ArrayLike<number>) => pick(weigh(values));

  return Object.defineProperty(
    Object.assign(sampler, {
      draw(values: ArrayLike<number>, drawOptions: { alternatives?: number } = {}): Draw {
        checkOptionNames(drawOptions, drawNames, "draw");
        const { alternatives = 0 } = drawOptions;
        checkCount(alternatives, 0, "alternatives");
        const total = weigh(values);
        const here = spread(total);
        const model = input === "probabilities" ? normalized(values) : softmax(values);
        const id = pick(total);
        const choice = (other: number): Choice => ({
          id: other,
          probability: here[other]!,
          modelProbability: model[other]!,
        });
        const favourites =
          alternatives === 0 ? [] : largestIds(model, alternatives, new Float64Array(2 * model.length));
        return { ...choice(id), alternatives: favourites.filter((other) => model[other]! > 0).map(choice) };
      },
      distribution: (values: ArrayLike<number>): Float64Array => spread(weigh(values)),
      observe(seen: ArrayLike<number>): void {
        for (let index = 0; index < seen.length; index++) {
          checkId(seen[index]!);
          recent.add(seen[index]!);
        }
      },
    }),
    "recent",
    { get: () => recent.inOrder(), enumerable: true },
  ) as typeof sampler & Sampler;
}

function normalized(probabilities: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(probabilities);
  let total = 0;
  for (let id = 0; id < result.length; id++) total += result[id]!;
  for (let id = 0; id < result.length; id++) result[id]! /= total;
  return result;
}

function checkSamplerOptions(options: SamplerOptions): void {
  checkOptionNames(options, samplerNames, "createSampler");
  const { input = "logits", temperature = 1, topK, topP, minP, typicalP, penaltyWindow = 64 } = options;
  if (input !== "logits" && input !== "probabilities") {
    throw new SamplingError("BAD_OPTION", `input is "${input}": pass "logits" or "probabilities"`, { input });
  }
  checkTemperature(temperature);
  checkPenalties(options);
  checkCount(penaltyWindow, 1, "penaltyWindow");
  if (topK !== undefined) checkTopK(topK);
  if (topP !== undefined) checkShare(topP, "top-p");
  if (minP !== undefined) checkMinP(minP);
  if (typicalP !== undefined) checkShare(typicalP, "typical-p");
}
