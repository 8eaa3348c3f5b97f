import type { Vocabulary } from "@charlstm/vectorize";
import type { Backend } from "./backend.js";
import { itemMark } from "./items.js";
import type { Context } from "./writer.js";

/**
 * What a model reads before a prompt where nobody says: for a stream of a model of sequences a line's end, where most of a text
 * begins, or in a text without lines a space. From there a network goes on well even from a word that it hardly ever saw at a
 * beginning. Nothing before a prompt that begins so itself, and for windows, which the notebook's models read bare. A model of items
 * reads their mark: what it writes is an item from its beginning on.
 */
export function defaultLead(
  { options: { objective } }: Backend,
  { characters }: Vocabulary,
  { prompt, context }: { prompt: string; context?: Context | undefined },
): string {
  // A model that is read as a stream but was trained on windows begins where its windows did: anywhere.
  if (objective !== "sequence" || context === "window") return "";
  if (characters.includes(itemMark)) return itemMark;
  const lead = ["\n", " "].find((character) => characters.includes(character)) ?? "";
  return lead !== "" && !prompt.startsWith(lead) ? lead : "";
}
