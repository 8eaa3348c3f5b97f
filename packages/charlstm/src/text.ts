import { type CorpusSource, type FetchProgress, loadCorpus } from "@charlstm/corpus";
import { createTextJoiner, type ItemKind, type TextPlace } from "@charlstm/training";
import { CharlstmError } from "./errors.js";

/** One text: itself, its pieces, or where it is; what is fetched or read from a file is cleaned, what is given is taken as it is. */
export type Text =
  | string
  | AsyncIterable<string>
  | Iterable<string>
  | { readonly gutenberg: number }
  | { readonly path: string }
  | { readonly url: string };

/** How texts are read. */
export interface ReadingOptions {
  /** Of what is fetched: attempts, bytes and waits. */
  onProgress?: ((event: FetchProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Texts as one. */
export interface ReadTexts {
  text: string;
  /** Where each stands in it. */
  places: readonly TextPlace[];
}

/**
 * Reads one text, or several, one after the other with an empty line between them; of items, with their marks.
 *
 * @throws {CharlstmError} `BAD_TEXT`: something else was given.
 * @throws {CorpusError} Why a book cannot be had or read; the signal's reason when aborted.
 */
export async function readTexts(
  texts: Text | readonly Text[],
  options: ReadingOptions,
  items: ItemKind | undefined,
): Promise<ReadTexts> {
  const all = Array.isArray(texts) ? (texts as readonly Text[]) : [texts as Text];
  if (all.length === 0) throw badText("no text at all");
  const joiner = createTextJoiner(items);
  const read: string[] = [];
  for (const text of all) {
    read.push(joiner.next(await readText(text, options)));
    joiner.endText();
  }
  return { text: read.join("") + joiner.rest(), places: joiner.places };
}

async function readText(text: Text, { onProgress, signal }: ReadingOptions): Promise<string> {
  if (typeof text === "string") return text;
  const source = sourceOf(text);
  if (source) return (await loadCorpus(source, { onProgress, signal })).text;
  if (typeof text !== "object" || text === null || !(Symbol.asyncIterator in text || Symbol.iterator in text)) {
    throw badText(
      text === null ? "null" : typeof text === "object" ? `{ ${Object.keys(text).join(", ")} }` : typeof text,
    );
  }
  let whole = "";
  for await (const piece of text as AsyncIterable<unknown>) {
    signal?.throwIfAborted();
    if (typeof piece !== "string") throw badText(`a piece that is ${piece === null ? "null" : typeof piece}`);
    whole += piece;
  }
  return whole;
}

function sourceOf(text: Text): CorpusSource | undefined {
  if (typeof text !== "object" || text === null) return undefined;
  if ("gutenberg" in text) return { id: text.gutenberg };
  if ("path" in text) return { path: text.path };
  if ("url" in text) return { url: text.url };
  return undefined;
}

function badText(given: string): CharlstmError {
  const message = `a text is a string, its pieces, { gutenberg: 1342 }, { path }, { url }, or several of these in an array; given was ${given}`;
  return new CharlstmError("BAD_TEXT", message, { given });
}
