// A model that a run begins with: it learns further from the text that is open.
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { itemKindOf } from "@charlstm/training";

/**
 * The characters of a text that a model does not know, in the text's order of characters.
 *
 * @param title What the model is called, for the refusal.
 * @throws {Error} The model has learnt items: on a text without their marks it would forget where they end.
 */
export function newCharacters(
  { vocabulary, settings }: Pick<Checkpoint, "vocabulary" | "settings">,
  characters: readonly string[],
  title: string,
): string[] {
  const items = itemKindOf({ vocabulary, settings });
  if (items !== undefined) {
    throw new Error(
      `“${title}” has learnt items, and writes them to their end; the page trains on plain text alone. ` +
        `The command line trains it further: charlstm train TEXT --from MODEL --items ${items}.`,
    );
  }
  const known = new Set(vocabulary);
  return characters.filter((character) => !known.has(character));
}

/** The longest name that the list of models takes. */
const longestTitle = 80;

/** What a model is called that has learnt from one text after the other. */
export function furtherTitle(model: string, text: string): string {
  const then = `, then ${text}`.slice(0, longestTitle / 2);
  return [...model].slice(0, longestTitle - then.length).join("") + then;
}
