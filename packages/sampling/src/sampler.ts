import { checkArray, checkCount, checkId, checkLength, checkLogits, refuseAllMasked, uniform } from "./checks.js";
import { largestLogit, pickByWeight, weighLogits } from "./draw.js";
import { penalizeRepetitions } from "./dry.js";
import { checkNames } from "./errors.js";
import { addBias, biasPairs } from "./logit-bias.js";
import { allowOnlyIds, banIds } from "./masks.js";
import { keepMinP } from "./min-p.js";
import { cutSurprising, nextLimit } from "./mirostat.js";
import { penalizeRecent } from "./penalties.js";
import { createRecentIds } from "./recent-ids.js";
import { logOfProbabilities } from "./sample.js";
import { checkSamplerOptions, type SamplerOptions } from "./sampler-options.js";
import { softmax } from "./softmax.js";
import { applyTemperature } from "./temperature.js";
import { gatherTopK, largestIds } from "./top-k.js";
import { keepTopNSigma } from "./top-n-sigma.js";
import { keepTopP } from "./top-p.js";
import { keepTypical } from "./typical.js";
import { dropTopChoices } from "./xtc.js";

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

/** What holds for one draw alone. */
export interface MaskOptions {
  /** Only these ids may be drawn this time, of those that the sampler's own masks leave: what a grammar allows here. */
  allowedIds?: ArrayLike<number> | undefined;
}

/** What `draw` is to tell besides. */
export interface DrawOptions extends MaskOptions {
  /** How many of the model's most probable ids. Integer >= 0. Default `0`. */
  alternatives?: number | undefined;
}

/** Draws ids one after the other, remembering those that the penalties need. Its buffers are made once for each V. */
export interface Sampler {
  /** Draws an id and observes it. Shape `[V]`, not modified. */
  (values: ArrayLike<number>, options?: MaskOptions): number;
  /** The same, with probabilities and `alternatives` of the model's most probable ids. */
  draw(values: ArrayLike<number>, options?: DrawOptions): Draw;
  /** The chance of each id in a draw. Shape `[V]`, sum 1; valid until the next call. Draws nothing. */
  distribution(values: ArrayLike<number>, options?: MaskOptions): Float64Array;
  /** Tells the penalties and DRY of ids that were not drawn here, such as the prompt's; leave it out and they look past it. */
  observe(ids: ArrayLike<number>): void;
  /** The last ids, as many as the penalties and DRY look at, oldest first: observe them in a new sampler to go on from here. */
  readonly recent: number[];
  /** Where Mirostat's limit stands, in bits: the `limit` of a new sampler to go on from here. NaN without Mirostat. */
  readonly surpriseLimit: number;
}

const maskNames = ["allowedIds"];
const drawNames = ["alternatives", "allowedIds"];

/**
 * Composes the samplers in one fixed order, which is Hugging Face's as far as it has them: logit bias, penalties, DRY, masks,
 * temperature, top-n-sigma, top-k, top-p, min-p, locally typical, XTC, Mirostat, then one draw. Penalties come early because
 * the repetition penalty depends on the sign of the model's own logits; masks next, so that the filters count only ids that
 * may be drawn; temperature before the filters, so that they cut the very distribution that is drawn from, unless
 * `temperatureLast`.
 *
 * XTC is not a dice roll before the draw: the draw is from the mixture of what it would leave and what it would not, which is
 * the same in law, takes one random number, and lets `distribution` tell the truth.
 *
 * @throws {SamplingError} `BAD_OPTION`, `BAD_TEMPERATURE`, `BAD_RANDOM`, `NOT_AN_ARRAY`, `BAD_ID`; its calls throw what
 *   `sample` and `sampleLogits` throw, and `BAD_ID`.
 */
export function createSampler(options: SamplerOptions = {}): Sampler {
  checkSamplerOptions(options);
  const { input = "logits", temperature = 1, temperatureLast = false, random = Math.random, minKeep = 1 } = options;
  const { allowedIds, bannedIds, unpenalizedIds = [], topNSigma, topK, topP, minP, typicalP } = options;
  const { dry, xtc, mirostat, penaltyWindow = 64 } = options;
  const { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0 } = options;
  const penalizes = repetitionPenalty !== 1 || frequencyPenalty !== 0 || presencePenalty !== 0;
  const filters = [topNSigma, topK, topP, minP, typicalP, xtc].some((option) => option !== undefined);
  const bias = biasPairs(options.logitBias ?? {});
  const dryWindow = dry === undefined ? 0 : (dry.window ?? 1024);
  const lookBack = Math.max(penaltyWindow, dryWindow);
  const recent = createRecentIds(lookBack);
  let surpriseLimit = mirostat === undefined ? Number.NaN : (mirostat.limit ?? 2 * mirostat.target);
  let work = new Float64Array(0);
  let scratch = new Float64Array(0);
  let matches = new Uint32Array(0);
  // With top-k, `work` holds the logits of these ids only, in their order.
  let ids = new Float64Array(0);
  let count = 0;
  // The sum of the weights before Mirostat's cut, which its surprise is about.
  let uncut = 1;

  function makeRoom(length: number): void {
    if (work.length === length) return;
    work = new Float64Array(length);
    scratch = new Float64Array(2 * length);
    if (topK !== undefined) ids = new Float64Array(length);
  }

  /** Penalties and DRY on all of `work` but the ids that are exempt. */
  function discourage(): void {
    const kept = Array.from(unpenalizedIds, (id) => {
      checkId(id, work.length);
      return work[id]!;
    });
    if (penalizes) penalizeRecent(work, recent.last(penaltyWindow), options, scratch);
    if (dry !== undefined) {
      const text = recent.last(dryWindow);
      if (matches.length < text.length) matches = new Uint32Array(2 * text.length);
      penalizeRepetitions(work, text, dry, scratch, matches);
    }
    for (const [index, logit] of kept.entries()) work[unpenalizedIds[index]!] = logit;
  }

  /** Moves the k largest logits to the front of `work` and returns them. */
  function gather(k: number): Float64Array {
    count = gatherTopK(work, k, scratch, ids, 0);
    if (count === 0) refuseAllMasked();
    for (let index = 0; index < count; index++) work[index] = work[ids[index]!]!;
    return work.subarray(0, count);
  }

  /** Fills the first `count` of `work` with the weights of a draw and returns their sum. */
  function weigh(values: ArrayLike<number>, mask: MaskOptions): number {
    if (input === "logits") checkLogits(values);
    else checkLength(values, "the probabilities");
    makeRoom(values.length);
    if (input === "logits") work.set(values);
    else logOfProbabilities(values, work, 0);

    addBias(work, bias);
    if (penalizes || dry !== undefined) discourage();
    if (allowedIds !== undefined) allowOnlyIds(work, allowedIds, scratch);
    if (mask.allowedIds !== undefined) allowOnlyIds(work, mask.allowedIds, scratch);
    if (bannedIds !== undefined) banIds(work, bannedIds);
    count = work.length;
    uncut = 1;
    if (temperature === 0) {
      const best = largestLogit(work);
      work.fill(0);
      work[best] = 1;
      return 1;
    }
    // No temperature changes what top-n-sigma and top-k keep, so these go first and leave it less to divide.
    if (topNSigma !== undefined) keepTopNSigma(work, topNSigma, scratch, minKeep);
    const left = topK === undefined ? work : gather(topK);
    // Where no filter needs tempered logits the weights divide by the temperature themselves, which saves two passes.
    const tempersNow = filters && !temperatureLast && temperature !== 1;
    if (tempersNow) applyTemperature(left, temperature);
    if (topP !== undefined) keepTopP(left, topP, scratch, minKeep);
    if (minP !== undefined) keepMinP(left, minP, scratch, minKeep);
    if (typicalP !== undefined) keepTypical(left, typicalP, scratch, minKeep);
    const divisor = tempersNow ? 1 : temperature;
    const withoutTop = xtc === undefined ? left : scratch.subarray(0, count);
    if (xtc !== undefined) {
      withoutTop.set(left);
      dropTopChoices(withoutTop, xtc.threshold, minKeep);
    }
    let total = weighLogits(left, count, left[largestLogit(left)]!, divisor);
    if (xtc !== undefined) {
      const other = weighLogits(withoutTop, count, withoutTop[largestLogit(withoutTop)]!, divisor);
      total = mix(left, total, withoutTop, other, xtc.probability);
    }
    uncut = total;
    return mirostat === undefined ? total : cutSurprising(left, count, total, surpriseLimit);
  }

  function idAt(index: number): number {
    return topK === undefined || temperature === 0 ? index : ids[index]!;
  }

  function pick(total: number): number {
    const index = pickByWeight(work, count, total, temperature === 0 ? 0 : uniform(random));
    if (mirostat !== undefined && temperature > 0)
      surpriseLimit = nextLimit(surpriseLimit, work[index]! / uncut, mirostat);
    recent.add(idAt(index));
    return idAt(index);
  }

  /** Shape `[V]`, in the first half of `scratch`. */
  function spread(total: number): Float64Array {
    const probabilities = scratch.subarray(0, work.length).fill(0);
    for (let index = 0; index < count; index++) probabilities[idAt(index)] = work[index]! / total;
    return probabilities;
  }

  const sampler = (values: ArrayLike<number>, mask: MaskOptions = {}) => {
    checkNames(mask, maskNames, "the sampler");
    return pick(weigh(values, mask));
  };

  return Object.defineProperties(
    Object.assign(sampler, {
      draw(values: ArrayLike<number>, drawOptions: DrawOptions = {}): Draw {
        checkNames(drawOptions, drawNames, "draw");
        const { alternatives = 0 } = drawOptions;
        checkCount(alternatives, 0, "alternatives");
        const total = weigh(values, drawOptions);
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
      distribution(values: ArrayLike<number>, mask: MaskOptions = {}): Float64Array {
        checkNames(mask, maskNames, "distribution");
        return spread(weigh(values, mask));
      },
      observe(seen: ArrayLike<number>): void {
        checkArray(seen, "the observed ids");
        for (let index = 0; index < seen.length; index++) checkId(seen[index]!);
        for (let index = 0; index < seen.length; index++) recent.add(seen[index]!);
      },
    }),
    {
      recent: { get: () => Array.from(recent.last(lookBack)), enumerable: true },
      surpriseLimit: { get: () => surpriseLimit, enumerable: true },
    },
  ) as typeof sampler & Sampler;
}

/** Turns weights, in place, into those of a draw that takes the other weights with `share`; returns their sum. */
function mix(weights: Float64Array, total: number, others: Float64Array, otherTotal: number, share: number): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    weights[index] = ((1 - share) * weights[index]!) / total + (share * others[index]!) / otherTotal;
    sum += weights[index]!;
  }
  return sum;
}

function normalized(probabilities: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(probabilities);
  let total = 0;
  for (let id = 0; id < result.length; id++) total += result[id]!;
  for (let id = 0; id < result.length; id++) result[id]! /= total;
  return result;
}
