import { SamplingError } from "./errors.js";

/** Four unsigned 32-bit integers, not all zero: all there is to know about a generator. Safe to write as JSON. */
export type RandomState = readonly [number, number, number, number];

/** A generator of uniform numbers in `[0, 1)` with 53 random bits each. `state` is a snapshot, not a live view. */
export interface Random {
  (): number;
  readonly state: RandomState;
}

/**
 * Makes a seeded generator of uniform numbers: the same seed gives the same numbers on every machine.
 *
 * @param seedOrState A safe integer (negative ones too), or the `state` of another generator to go on from there.
 * @throws {SamplingError} `BAD_SEED` for a number that is not a safe integer, `BAD_STATE` for anything else that no
 *   generator could have given.
 * @see Blackman and Vigna (2018), Scrambled linear pseudorandom number generators: xoshiro128**, seeded by SplitMix32 steps.
 *   Two of its outputs make one number: 27 high bits of the first, 26 of the second. Not for secrets.
 */
export function createRandom(seedOrState: number | RandomState): Random {
  let [a, b, c, d] = typeof seedOrState === "number" ? stateFromSeed(seedOrState) : checkState(seedOrState);

  function next32(): number {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return scrambled >>> 0;
  }

  const random = () => {
    const high = next32() >>> 5;
    const low = next32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
  Object.defineProperty(random, "state", {
    get: (): RandomState => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
    enumerable: true,
  });
  return random as Random;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function stateFromSeed(seed: number): RandomState {
  if (!Number.isSafeInteger(seed)) {
    throw new SamplingError("BAD_SEED", `the seed is ${seed}: pass an integer between -(2^53 - 1) and 2^53 - 1`, {
      seed,
    });
  }
  // Each word is a one-to-one function of the word before, and the first two take in the two halves of the seed: no two
  // seeds share a state. A zero is never followed by another, so the state is never all zero.
  const first = mix(seed | 0);
  const second = mix(first ^ Math.floor(seed / 2 ** 32));
  const third = mix(second);
  return [first, second, third, mix(third)];
}

/** One step of SplitMix32: a one-to-one function of 32-bit integers in which every bit depends on all. */
function mix(word: number): number {
  let mixed = (word + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function checkState(state: RandomState): RandomState {
  const isState =
    Array.isArray(state) &&
    state.length === 4 &&
    state.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32) &&
    state.some((word) => word !== 0);
  if (!isState) {
    throw new SamplingError(
      "BAD_STATE",
      "the random state must be four integers in [0, 2^32), not all zero: pass the `state` of a generator, or a seed",
      { state },
    );
  }
  return state;
}
