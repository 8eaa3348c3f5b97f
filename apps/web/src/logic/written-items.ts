import type { GeneratedCharacter } from "@charlstm/training";

/** What the texts of a writing begin with, and what stands between two items of a model that has learnt some. */
export interface Beginning {
  prompt: string;
  between?: string | undefined;
}

/** What stands before a character that is shown after another: where a further item begins, what separates the two and its prompt. */
export function gapBefore(
  { text }: GeneratedCharacter,
  before: GeneratedCharacter | undefined,
  { prompt, between = "" }: Beginning,
): string {
  return before === undefined || before.text === text ? "" : between + prompt;
}

/** What was written, as one would copy it. */
export const textOf = (characters: readonly GeneratedCharacter[], beginning: Beginning): string =>
  beginning.prompt +
  characters.map((one, place) => gapBefore(one, characters[place - 1], beginning) + one.character).join("");
