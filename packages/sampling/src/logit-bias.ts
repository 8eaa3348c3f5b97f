import { shown } from "@charlstm/errors";
import { checkId, checkMutable, type MutableLogits } from "./checks.js";
import { SamplingError } from "./errors.js";

/** What is added to the logits of some ids: a Map, or an object whose keys are ids. `-Infinity` excludes an id. */
export type LogitBias = ReadonlyMap<number, number> | Readonly<Record<number, number>>;

/**
 * Adds to the logits of some ids, in place.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param bias Ids in [0, V) and what their logits gain: finite, or `-Infinity`.
 * @throws {SamplingError} `BAD_ID`, `BAD_OPTION`, `NOT_AN_ARRAY`.
 */
export function biasLogits(logits: MutableLogits, bias: LogitBias): void {
  checkMutable(logits);
  addBias(logits, biasPairs(bias));
}

/** `biasLogits` of pairs that `biasPairs` made. */
export function addBias(logits: MutableLogits, pairs: readonly (readonly [number, number])[]): void {
  for (const [id, value] of pairs) {
    checkId(id, logits.length);
    logits[id]! += value;
  }
}

/** The ids and their biases; refuses what is neither a Map nor an object of numbers. */
export function biasPairs(bias: LogitBias): [id: number, bias: number][] {
  const isMap = bias instanceof Map;
  if (!isMap && (typeof bias !== "object" || bias === null || Symbol.iterator in bias)) {
    throw new SamplingError(
      "BAD_OPTION",
      `logitBias is ${shown(bias)}: pass an object such as { 3: -1.5 }, from ids to what their logits gain, or a Map`,
      { logitBias: bias },
    );
  }
  const pairs: [number, number][] = isMap ? [...bias] : Object.entries(bias).map(([id, value]) => [idOf(id), value]);
  for (const [id, value] of pairs) {
    checkId(id);
    if (typeof value !== "number" || !(value < Number.POSITIVE_INFINITY)) {
      throw new SamplingError(
        "BAD_OPTION",
        `the bias of id ${id} is ${shown(value)}: pass a finite number, or -Infinity to exclude the id`,
        { id, value },
      );
    }
  }
  return pairs;
}

/** Keys are words: `""` and `" 1"` are none of an id. */
function idOf(key: string): number {
  return /^\d+$/.test(key) ? Number(key) : Number.NaN;
}
