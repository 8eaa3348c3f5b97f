// A shuffle without a list: a keyed bijection of [0, n) that gives the element at any place in O(1) time and memory.
//
// A balanced Feistel network over the smallest even number of bits that holds n (Luby and Rackoff, 1988), and cycle
// walking (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002): a value outside [0, n) goes through again
// until it falls inside. The domain is less than 4n for n > 1, so that takes fewer than four trips on average.
// It shuffles well and hides nothing: round keys and round function are a 32-bit integer hash, not a cipher.

/** Luby and Rackoff need four for large domains; small ones, where halves are a few bits, need more to look random. */
const rounds = 8;

/** The greatest `length`: halves of 16 bits keep all arithmetic in 32-bit integers, which is twice as fast. */
export const largestPermutation = 2 ** 32;

/**
 * A permutation of `[0, length)`, another one for each seed and epoch.
 *
 * @param length Whole number, up to {@link largestPermutation}.
 * @param seed, epoch Whole numbers, 0 or more, up to 2 ** 53 - 1.
 * @returns A function from a place in `[0, length)` to the element there.
 */
export function createPermutation(length: number, seed: number, epoch: number): (place: number) => number {
  let bits = 1;
  while (4 ** bits < length) bits++;
  const mask = 2 ** bits - 1;
  const keys = roundKeys(seed, epoch);
  return (place) => {
    let value = place;
    do {
      let left = value >>> bits;
      let right = value & mask;
      for (let round = 0; round < rounds; round++) {
        const next = left ^ (hash(right ^ keys[round]!) & mask);
        left = right;
        right = next;
      }
      value = ((left << bits) | right) >>> 0;
    } while (value >= length);
    return value;
  };
}

/** A number in `[0, below)`, uniform over seeds and epochs; `below` at most 2 ** 32. */
export function drawBelow(below: number, seed: number, epoch: number): number {
  return Math.floor(((roundKeys(seed, epoch)[0]! >>> 0) / 2 ** 32) * below);
}

/** `rounds` words of 32 bits that depend on all 53 bits of both numbers. */
function roundKeys(seed: number, epoch: number): Int32Array {
  let state = 0x9e3779b9;
  for (const word of [seed, Math.floor(seed / 2 ** 32), epoch, Math.floor(epoch / 2 ** 32)]) {
    state = hash(state ^ word) + 0x9e3779b9;
  }
  const keys = new Int32Array(rounds);
  for (let round = 0; round < rounds; round++) {
    // Weyl sequence through the hash, as SplitMix (Steele, Lea and Flood, 2014) does with 64 bits.
    state = (state + 0x9e3779b9) | 0;
    keys[round] = hash(state);
  }
  return keys;
}

/** `lowbias32` of Chris Wellons's hash-prospector (public domain): a bijection of 32-bit words of low bias. */
function hash(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return word ^ (word >>> 15);
}
