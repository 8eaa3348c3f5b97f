import { checkArray, checkId, checkMutable, type MutableLogits, scratchOf } from "./checks.js";

/**
 * Sets the logits of some ids to `-Infinity`, in place.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param ids Ids in [0, V).
 * @throws {SamplingError} `BAD_ID`, `NOT_AN_ARRAY`.
 */
export function banIds(logits: MutableLogits, ids: ArrayLike<number>): void {
  checkMutable(logits);
  checkArray(ids, "the banned ids");
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]!;
    checkId(id, logits.length);
    logits[id] = Number.NEGATIVE_INFINITY;
  }
}

/**
 * Sets the logits of all ids but some to `-Infinity`, in place.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param ids Ids in [0, V), in any order, repeated or not. None: everything is masked, and the next draw says so.
 * @param scratch At least V numbers, overwritten; a new array when there is none.
 * @throws {SamplingError} `BAD_ID`, `NOT_AN_ARRAY`, `BAD_SCRATCH`.
 */
export function allowOnlyIds(logits: MutableLogits, ids: ArrayLike<number>, scratch?: Float64Array): void {
  checkMutable(logits);
  checkArray(ids, "the allowed ids");
  const all = scratchOf(scratch, logits.length);
  all.set(logits);
  logits.fill(Number.NEGATIVE_INFINITY);
  for (let index = 0; index < ids.length; index++) {
    checkId(ids[index]!, logits.length);
    logits[ids[index]!] = all[ids[index]!]!;
  }
}
