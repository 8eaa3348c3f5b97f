import type { Vocabulary } from "@charlstm/vectorize";
import { TrainingError } from "./errors.js";
import { lookalikesOf, quotesOf } from "./lookalikes.js";

/**
 * What to do with characters that a model never saw: refuse them by name, leave them out, or take the nearest character that
 * it knows (another case, another dash or space, the parts of the NFKD form). A quotation mark of the other kind, curly or
 * straight, is taken in any case: cleaning a text decides between them, not whoever writes a prompt.
 */
export type UnknownPolicy = "error" | "skip" | "nearest";

/**
 * The ids of a prompt.
 *
 * @throws {TrainingError} `EMPTY_PROMPT` when nothing is left to start from, `UNKNOWN_PROMPT_CHARACTERS` naming what the
 *   model does not know.
 */
export function encodePrompt(prompt: string, vocabulary: Vocabulary, unknown: UnknownPolicy): number[] {
  const ids: number[] = [];
  const strange = new Set<string>();
  let before = "";
  for (const character of prompt) {
    const forms = [character, ...quotesOf(character, before)];
    if (unknown === "nearest") forms.push(...lookalikesOf(character));
    const known = firstKnown(forms, vocabulary);
    if (known.length === 0) strange.add(character);
    ids.push(...known);
    before = character;
  }
  if (strange.size > 0 && unknown !== "skip") throw unknownCharacters([...strange], unknown);
  if (ids.length === 0) {
    throw new TrainingError(
      "EMPTY_PROMPT",
      "the prompt has no character that the model knows: give at least one to start from",
    );
  }
  return ids;
}

/** The ids of the first form whose characters are all known, or none. */
function firstKnown(forms: readonly string[], vocabulary: Vocabulary): number[] {
  for (const form of forms) {
    const ids = Array.from(form, (character) => vocabulary.idOf(character));
    if (ids.length > 0 && ids.every((id) => id !== undefined)) return ids;
  }
  return [];
}

/** Names characters for a message, with their code points; the first ten of many. */
export function namesOf(characters: readonly string[]): string {
  const shown = characters
    .slice(0, 10)
    .map(
      (character) =>
        `${JSON.stringify(character)} (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`,
    );
  const more = characters.length > shown.length ? ` and ${characters.length - shown.length} more` : "";
  return shown.join(", ") + more;
}

function unknownCharacters(characters: readonly string[], unknown: UnknownPolicy): TrainingError {
  return new TrainingError(
    "UNKNOWN_PROMPT_CHARACTERS",
    `the prompt has characters that the model never saw: ${namesOf(characters)}; write it without them, ` +
      `or leave them out with "skip"${unknown === "nearest" ? "" : ', or take the nearest known ones with "nearest"'}`,
    { characters, unknown },
  );
}
