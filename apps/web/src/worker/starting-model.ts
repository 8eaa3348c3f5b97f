// A model that a run begins with: it learns further from the text that is open.
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { type ItemKind, itemKindOf, itemMark } from "@charlstm/training";
import { inItems } from "./items.js";
import type { PreparedText } from "./prepared-text.js";

/**
 * The characters of a text that a model does not know, in the text's order of characters.
 *
 * @param items What of the text is an item. Default: what the model has learnt as one.
 */
export function newCharacters(
  model: Pick<Checkpoint, "vocabulary" | "settings">,
  text: PreparedText,
  items?: ItemKind,
): string[] {
  const known = new Set([...model.vocabulary, itemMark]);
  const { characters } = inItems(text, items ?? itemKindOf(model)).vocabulary;
  return characters.filter((character) => !known.has(character));
}

/** The longest name that the list of models takes. */
const longestTitle = 80;

/** What a model is called that has learnt from one text after the other. */
export function furtherTitle(model: string, text: string): string {
  const then = `, then ${text}`.slice(0, longestTitle / 2);
  return [...model].slice(0, longestTitle - then.length).join("") + then;
}
