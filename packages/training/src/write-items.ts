import type { Vocabulary } from "@charlstm/vectorize";
import type { Backend } from "./backend.js";
import { TrainingError } from "./errors.js";
import { type GenerateOptions, generate } from "./generate.js";
import { itemMark } from "./items.js";

/** How whole items are written. */
export interface WriteItemsOptions extends Omit<GenerateOptions, "prompt" | "lead" | "length"> {
  /** What every item begins with. Default: nothing. */
  prompt?: string | undefined;
  /** Characters of an item at the most, without the prompt. Default `10000`. */
  maxLength?: number | undefined;
}

/** An item that was written. */
export interface WrittenItem {
  /** Which of the items it is, from 0. */
  item: number;
  /** With its prompt. */
  text: string;
  /** Whether it came to its end; `maxLength` or `stop` ended it else. */
  isWhole: boolean;
}

/**
 * Writes `count` whole items side by side, with a model that has learnt where they begin and end. Item number t draws from a generator
 * started with `seed + t`: it is the same one, however many are written.
 *
 * @returns The items as they come to their ends.
 * @throws {TrainingError} `NO_ITEMS`: the model knows none; as `generate`.
 */
export async function* writeItems(
  backend: Backend,
  vocabulary: Vocabulary,
  { prompt = "", maxLength = 10_000, ...options }: WriteItemsOptions,
): AsyncGenerator<WrittenItem, void, void> {
  const mark = vocabulary.idOf(itemMark);
  if (mark === undefined) {
    throw new TrainingError("NO_ITEMS", "the model knows no items: train one with the setting items (--items line)");
  }
  const { count = 1 } = options;
  const texts = new Array<string>(count).fill(prompt);
  const isDone = new Array<boolean>(count).fill(false);
  // One step more for the end of an item of just so many characters.
  for await (const { text, character, id } of generate(backend, vocabulary, {
    ...{ ...options, prompt, lead: itemMark },
    length: maxLength + 1,
  })) {
    if (id === mark) {
      isDone[text] = true;
      yield { item: text, text: texts[text]!, isWhole: true };
    } else texts[text] += character;
  }
  for (const [item, text] of texts.entries()) {
    if (!isDone[item])
      yield { item, text: [...text].slice(0, [...prompt].length + maxLength).join(""), isWhole: false };
  }
}

/** What stands between items that are shown together: an empty line where an item may have lines, else a line's end. */
export function betweenItems({ characters }: Vocabulary): string {
  return characters.includes("\n") ? "\n\n" : "\n";
}
