import type { Checkpoint } from "@charlstm/model/checkpoint";
import type { Ids } from "@charlstm/vectorize";
import { nextTurn } from "./next-turn.js";
import type { TrainingProgress } from "./progress.js";

/** Characters looked at between two turns of the event loop. */
const stretch = 2 ** 24;

/**
 * How many times in a row each character stands in a text, at the most: the 17 spaces of a table's widest gap, one `q`.
 *
 * @returns Shape `[V]`, in the order of the vocabulary; 0 for what is not in the text.
 */
export async function countLongestRuns(ids: Ids, vocabularySize: number): Promise<number[]> {
  const longest = new Array<number>(vocabularySize).fill(0);
  let run = 0;
  for (let at = 0; at < ids.length; at++) {
    if (at % stretch === stretch - 1) await nextTurn();
    const id = ids[at]!;
    run = id === ids[at - 1] ? run + 1 : 1;
    if (run > longest[id]!) longest[id] = run;
  }
  return longest;
}

/**
 * What `generate` takes as `longestRuns`, of a model that was trained here on sequences; `undefined` for one that came from elsewhere,
 * and for the notebook's models, which are drawn from as the notebook does.
 */
export function longestRunsOf({ objective, progress, vocabulary }: Checkpoint): readonly number[] | undefined {
  const { longestRuns } = (progress ?? {}) as Partial<TrainingProgress>;
  const isWhole = Array.isArray(longestRuns) && longestRuns.length === vocabulary.length;
  return objective === "sequence" && isWhole && longestRuns.every(Number.isSafeInteger) ? longestRuns : undefined;
}

/** A character may always stand so often in a row. */
const always = 3;

/** Keeps a text from repeating one character more often than its model ever read it. */
export interface RunLimit {
  /** Tells of the character that comes next in the text. */
  observe(id: number): void;
  /** The ids that may follow; `undefined` where all may. */
  allowed(): readonly number[] | undefined;
}

/**
 * A network that has read twelve spaces may go on with spaces for hundreds of characters at a low temperature: it has seldom read such
 * a run, never a longer one, and counts badly. What stands so often in a row in no part of its text is not a matter of taste.
 *
 * @param longestRuns Shape `[V]`.
 */
export function createRunLimit(longestRuns: readonly number[]): RunLimit {
  let last = -1;
  let run = 0;
  return {
    observe(id) {
      run = id === last ? run + 1 : 1;
      last = id;
    },
    allowed() {
      if (last < 0 || run < Math.max(always, longestRuns[last]!)) return undefined;
      return Array.from(longestRuns, (_, id) => id).filter((id) => id !== last);
    },
  };
}
