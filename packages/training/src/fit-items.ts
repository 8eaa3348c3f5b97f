import { type Ids, itemStarts } from "@charlstm/vectorize";
import type { TrainingSettings } from "./settings.js";

/** Rows of a batch at the most. */
const mostRows = 256;

/**
 * Settings that suit items: a window no longer than the longest of them, and so many rows that an update reads about as many
 * characters as it would of a text that is none.
 *
 * @param ids Items with their marks.
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is no item.
 */
export function fitItems(settings: TrainingSettings, ids: Ids): TrainingSettings {
  const starts = itemStarts(ids);
  const items = starts.length - 1;
  let longest = 1;
  for (let item = 0; item < items; item++) longest = Math.max(longest, starts[item + 1]! - starts[item]!);
  const window = Math.min(settings.window, longest);
  let stretches = 0;
  for (let item = 0; item < items; item++) stretches += Math.ceil((starts[item + 1]! - starts[item]!) / window);
  const characters = (ids.length - 1) / stretches;
  const batch = Math.round((settings.batch * settings.window) / characters);
  return { ...settings, window, batch: Math.min(Math.max(batch, settings.batch), mostRows) };
}
