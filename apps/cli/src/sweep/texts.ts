// The texts of a sweep: each is opened once, for all trials on it.

import type { CleaningFlags } from "../texts/book-flags.js";
import type { TrainingText } from "../texts/training-text.js";
import { planOf, type TrainPlan } from "../train/plan.js";
import type { SweepRecord, Trial } from "./folder.js";

/** A text, and what was asked of its cleaning beside the recipe. */
export interface OpenText {
  text: TrainingText;
  cleaning: CleaningFlags;
}

/**
 * A trial's training on its text.
 *
 * @throws {TrainingError} where the text is too short for the trial's settings.
 */
export function planTrial(
  { text, cleaning }: OpenText,
  { settings }: Trial,
  { preset }: Pick<SweepRecord, "preset">,
): TrainPlan {
  // Several texts, and items, are moved in place.
  const isMoved = settings.items !== undefined || text.several !== undefined;
  const own = isMoved ? { ...text, ids: text.ids.slice() } : text;
  return planOf(own, { settings, preset, cleaning, saving: { keep: 1 } });
}
