import { compose, foldCase } from "./clean/compose.js";
import type { CleanOptions } from "./clean-text.js";

/**
 * A prompt as the cleaning of a text would have left its characters: normal form C, in lower case and with its white space as one
 * space each where the text has them so. Nothing of it is cut. For models that know a cleaned text's characters only.
 *
 * @param options How the text was cleaned; what does not change characters is passed over.
 */
export function cleanPrompt(prompt: string, options: CleanOptions = {}): string {
  if (options.recipe === "notebook") return prompt.toLowerCase().replace(/\s+/g, " ");
  const lines = prompt.replace(/\r\n?/g, "\n");
  return options.foldCase ? foldCase(lines) : compose(lines);
}
