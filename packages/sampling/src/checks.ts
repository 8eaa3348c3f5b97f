import { shown } from "@charlstm/errors";
import { SamplingError } from "./errors.js";

/** Logits that a filter may change in place. Float64 keeps the exact values; float32 rounds what is written. */
export type MutableLogits = Float64Array | Float32Array | number[];

/** Refuses a temperature that is negative, infinite or not a number. */
export function checkTemperature(temperature: number): void {
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw new SamplingError(
      "BAD_TEMPERATURE",
      `the temperature is ${shown(temperature)}: pass a finite number >= 0 (0 is greedy, 1 changes nothing)`,
      { temperature },
    );
  }
}

/** Refuses a generator that cannot be called. */
export function checkRandom(random: () => number): void {
  if (typeof random !== "function") refuseRandom("random is", random);
}

/** Takes one number from the caller's generator and refuses what is not uniform in `[0, 1)`. */
export function uniform(random: () => number): number {
  checkRandom(random);
  const value = random();
  if (typeof value !== "number" || !(value >= 0 && value < 1)) refuseRandom("random() returned", value);
  return value;
}

function refuseRandom(what: string, value: unknown): never {
  throw new SamplingError("BAD_RANDOM", `${what} ${shown(value)}: pass a function that returns numbers in [0, 1)`, {
    value,
  });
}

/** The caller's scratch when it is long enough, a new array when there is none. */
export function scratchOf(scratch: Float64Array | undefined, length: number): Float64Array {
  if (scratch === undefined) return new Float64Array(length);
  if (!(scratch instanceof Float64Array) || scratch.length < length) {
    throw new SamplingError("BAD_SCRATCH", `scratch must be a Float64Array of at least ${length} numbers`, { length });
  }
  return scratch;
}

/** Refuses what is not an array of some length: nothing, a Set; functions and texts have a length, and are none. */
export function checkArray(values: ArrayLike<unknown>, what: string): void {
  if (typeof values !== "object" || values?.length >>> 0 !== values?.length) {
    throw new SamplingError("NOT_AN_ARRAY", `${what} are ${shown(values)}: pass an array of numbers`);
  }
}

/** Refuses an empty array of logits or probabilities, and what is not an array at all. */
export function checkLength(values: ArrayLike<number>, what: string): void {
  checkArray(values, what);
  if (values.length === 0) {
    throw new SamplingError("EMPTY_INPUT", `${what} are empty: pass a number for each id`);
  }
}

/** Refuses logits that are not an array of numbers: copying them would make numbers of words and rows. */
export function checkLogits(logits: ArrayLike<number>): void {
  checkLength(logits, "the logits");
  if (ArrayBuffer.isView(logits) && typeof logits[0] === "number") return; // holds nothing but numbers
  for (let id = 0; id < logits.length; id++) if (typeof logits[id] !== "number") refuseLogit(logits[id]!, id);
}

/** Refuses logits that are not to be changed in place: typed arrays of integers have no `-Infinity`. */
export function checkMutable(logits: MutableLogits): void {
  checkLogits(logits);
  if (ArrayBuffer.isView(logits) && !/Float/.test(Object.prototype.toString.call(logits))) {
    throw new SamplingError(
      "NOT_AN_ARRAY",
      "the logits are integers, which cannot hold -Infinity: pass a Float64Array, a Float32Array or a plain array",
    );
  }
}

/** Throws for the probability that is not a finite number >= 0. */
export function refuseProbability(value: number, id: number): never {
  const code = value < 0 ? "NEGATIVE_PROBABILITY" : value === Number.POSITIVE_INFINITY ? "NOT_FINITE" : "NOT_A_NUMBER";
  throw new SamplingError(code, `the probability of id ${id} is ${shown(value)}: pass a finite number >= 0`, {
    id,
    value,
  });
}

/** Throws for the logit that is not a number below `Infinity`. */
export function refuseLogit(value: number, id: number): never {
  throw new SamplingError(
    value === Number.POSITIVE_INFINITY ? "NOT_FINITE" : "NOT_A_NUMBER",
    `the logit of id ${id} is ${shown(value)}: every logit must be a finite number, or -Infinity to exclude the id`,
    { id, value },
  );
}

/** Throws because every logit is `-Infinity`. */
export function refuseAllMasked(): never {
  throw new SamplingError(
    "ALL_MASKED",
    "every logit is -Infinity, so there is no id to draw: leave at least one allowed",
  );
}

/** Refuses a share of the probability outside (0, 1]. */
export function checkShare(share: number, what: string): void {
  if (!(Number.isFinite(share) && share > 0 && share <= 1)) {
    throw new SamplingError(
      "BAD_OPTION",
      `${what} is ${shown(share)}: pass a number in (0, 1], 1 to keep every id (for the most probable id alone, set the temperature to 0)`,
      { share },
    );
  }
}

/** Refuses a number outside the range that `isGood` and `expected` tell; `name` is its name in the details. */
export function checkNumber(
  value: number,
  what: string,
  isGood: (value: number) => boolean,
  expected: string,
  name = what,
): void {
  if (!Number.isFinite(value) || !isGood(value)) {
    throw new SamplingError("BAD_OPTION", `${what} is ${shown(value)}: pass ${expected}`, { [name]: value });
  }
}

/** Refuses an id outside the vocabulary. */
export function checkId(id: number, vocabularySize = 2 ** 32): void {
  if (!(Number.isInteger(id) && id >= 0 && id < vocabularySize)) {
    throw new SamplingError(
      "BAD_ID",
      `the id ${shown(id)} is outside the vocabulary: pass integers in [0, ${vocabularySize})`,
      { id, vocabularySize },
    );
  }
}

/** Refuses a count that is not an integer of at least `least`. */
export function checkCount(count: number, least: number, what: string): void {
  checkNumber(count, what, (value) => Number.isSafeInteger(value) && value >= least, `an integer >= ${least}`);
}
