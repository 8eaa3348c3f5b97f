import { SamplingError } from "./errors.js";

/** Logits that a filter may change in place. Float64 keeps the exact values; float32 rounds what is written. */
export type MutableLogits = Float64Array | Float32Array | number[];

/** Refuses option names that a function does not know, as they are usually typing slips. */
export function checkOptionNames(options: object, known: readonly string[], where: string): void {
  for (const name in options) {
    if (!known.includes(name)) {
      throw new SamplingError(
        "BAD_OPTION",
        `${where} was given the option "${name}", which it does not know: use ${known.join(", ")}`,
        { option: name, known },
      );
    }
  }
}

/** Refuses a temperature that is negative, infinite or not a number. */
export function checkTemperature(temperature: number): void {
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw new SamplingError(
      "BAD_TEMPERATURE",
      `the temperature is ${temperature}: pass a finite number >= 0 (0 takes the most probable id, 1 changes nothing)`,
      { temperature },
    );
  }
}

/** Takes one number from the caller's generator and refuses what is not uniform in `[0, 1)`. */
export function uniform(random: () => number): number {
  const value = random();
  if (!(value >= 0 && value < 1)) {
    throw new SamplingError(
      "BAD_RANDOM",
      `random() returned ${value}: pass a function that returns numbers in [0, 1)`,
      {
        value,
      },
    );
  }
  return value;
}

/** The caller's scratch when it is long enough, a new array when there is none. */
export function scratchOf(scratch: Float64Array | undefined, length: number): Float64Array {
  if (scratch === undefined) return new Float64Array(length);
  if (!(scratch instanceof Float64Array) || scratch.length < length) {
    throw new SamplingError("BAD_SCRATCH", `scratch must be a Float64Array of at least ${length} numbers`, { length });
  }
  return scratch;
}

/** Refuses an empty array of logits or probabilities. */
export function checkLength(values: ArrayLike<number>, what: string): void {
  if (!(values.length > 0)) {
    throw new SamplingError("EMPTY_INPUT", `${what} are empty: pass one number for each id of the vocabulary`);
  }
}

/** Throws for the probability that failed `p >= 0 && p < Infinity`. */
export function refuseProbability(value: number, id: number): never {
  const code = value < 0 ? "NEGATIVE_PROBABILITY" : value > 0 ? "NOT_FINITE" : "NOT_A_NUMBER";
  throw new SamplingError(code, `the probability of id ${id} is ${value}: every probability must be finite and >= 0`, {
    id,
    value,
  });
}

/** Throws for the logit that failed `x < Infinity`. */
export function refuseLogit(value: number, id: number): never {
  throw new SamplingError(
    value > 0 ? "NOT_FINITE" : "NOT_A_NUMBER",
    `the logit of id ${id} is ${value}: every logit must be a finite number, or -Infinity to exclude the id`,
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
  if (!(share > 0 && share <= 1)) {
    throw new SamplingError(
      "BAD_OPTION",
      `${what} is ${share}: pass a number in (0, 1], 1 to keep every id (for the most probable id alone, set the temperature to 0)`,
      { share },
    );
  }
}

/** Refuses an id outside the vocabulary. */
export function checkId(id: number, vocabularySize = 2 ** 32): void {
  if (!(Number.isInteger(id) && id >= 0 && id < vocabularySize)) {
    throw new SamplingError(
      "BAD_ID",
      `the id ${id} is outside the vocabulary: pass integers in [0, ${vocabularySize})`,
      {
        id,
        vocabularySize,
      },
    );
  }
}

/** Refuses a count that is not an integer of at least `least`. */
export function checkCount(count: number, least: number, what: string): void {
  if (!Number.isSafeInteger(count) || count < least) {
    throw new SamplingError("BAD_OPTION", `${what} is ${count}: pass an integer >= ${least}`, { [what]: count });
  }
}
