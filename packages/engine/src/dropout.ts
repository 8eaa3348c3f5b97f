import type { Settings } from "./options.js";

/** The dropout masks of a step: an element is dropped where its hash, of 31 bits, is below the threshold. */
export type Masks = { threshold: number; scale: number /** One a layer. */; keys: number[] };

/** The masks of the step that follows `step` others; none without dropout. */
export function masksOf({ dropout, seed, units }: Settings, step: number): Masks | undefined {
  if (dropout === 0) return undefined;
  return {
    threshold: Math.max(1, Math.round(dropout * 2 ** 31)),
    scale: 1 / (1 - dropout),
    keys: units.map((_, layer) => mix(seed, step, layer)),
  };
}

/** A well-mixed 32-bit key of three numbers (the finalizer of MurmurHash3, once a number). */
function mix(...values: number[]): number {
  let hash = 0x9e3779b9;
  for (const value of values) {
    hash ^= value | 0;
    hash ^= Math.floor(value / 2 ** 32) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
