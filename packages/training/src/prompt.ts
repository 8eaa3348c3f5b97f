import type { Vocabulary } from "@charlstm/vectorize";
import { TrainingError } from "./errors.js";

/**
 * What to do with characters that a model never saw: refuse them by name, leave them out, or take the nearest character that
 * it knows (another case, curly quotes and dashes as straight ones, the parts of the NFKD form).
 */
export type UnknownPolicy = "error" | "skip" | "nearest";

/** Curly quotes, dashes and spaces that NFKD leaves alone. */
const lookalikes: readonly [RegExp, string][] = [
  [/[‘’‚‛]/u, "'"],
  [/[“”„‟«»]/u, '"'],
  [/[‐‑‒–—―−]/u, "-"],
  [/\s/u, " "],
];

/**
 * The ids of a prompt.
 *
 * @throws {TrainingError} `EMPTY_PROMPT` when nothing is left to start from, `UNKNOWN_PROMPT_CHARACTERS` naming what the
 *   model does not know.
 */
export function encodePrompt(prompt: string, vocabulary: Vocabulary, unknown: UnknownPolicy): number[] {
  const ids: number[] = [];
  const strange = new Set<string>();
  for (const character of prompt) {
    const known = unknown === "nearest" ? nearest(character, vocabulary) : idsOf([character], vocabulary);
    if (known.length === 0) strange.add(character);
    ids.push(...known);
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

function nearest(character: string, vocabulary: Vocabulary): number[] {
  const lookalike = lookalikes.find(([pattern]) => pattern.test(character))?.[1];
  const plain = lookalike ?? character.normalize("NFKD").replace(/\p{Mark}/gu, "");
  for (const form of [character, plain, plain.toLowerCase(), plain.toUpperCase()]) {
    const ids = idsOf([...form], vocabulary);
    if (ids.length > 0) return ids;
  }
  return [];
}

/** The ids of all characters, or none when one of them is unknown. */
function idsOf(characters: readonly string[], vocabulary: Vocabulary): number[] {
  const ids = characters.map((character) => vocabulary.idOf(character));
  return ids.every((id) => id !== undefined) ? ids : [];
}

function unknownCharacters(characters: readonly string[], unknown: UnknownPolicy): TrainingError {
  const shown = characters
    .slice(0, 10)
    .map(
      (character) =>
        `${JSON.stringify(character)} (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`,
    );
  const more = characters.length > shown.length ? ` and ${characters.length - shown.length} more` : "";
  return new TrainingError(
    "UNKNOWN_PROMPT_CHARACTERS",
    `the prompt has characters that the model never saw: ${shown.join(", ")}${more}; write it without them, ` +
      `or leave them out with "skip"${unknown === "nearest" ? "" : ', or take the nearest known ones with "nearest"'}`,
    { characters },
  );
}
