import { decodeText } from "@charlstm/corpus";
import { createVocabulary, encode, type Ids, type Vocabulary } from "@charlstm/vectorize";
import type { FoundFile } from "../files/found-files.js";
import { loadText } from "../files/library.js";
import type { TextOrigin } from "../files/records.js";
import {
  type CleanedText,
  type CleaningChoices,
  cleanTexts,
  type GivenText,
  inOrder,
  titleOf,
} from "../logic/clean-texts.js";

export type TextSource =
  | { kind: "novel" }
  | { kind: "files"; files: readonly FoundFile[] }
  | { kind: "text"; text: string }
  /** The text that is open, cleaned another way. */
  | { kind: "again" };

/** A text that a run can train on. */
export interface PreparedText {
  text: string;
  ids: Ids;
  vocabulary: Vocabulary;
  origin: TextOrigin;
}

/** What the page shows of a text. */
export interface TextSummary {
  title: string;
  characters: number;
  vocabulary: readonly string[];
  /** Its first characters. */
  start: string;
  /** Some characters from its middle, to look at cells with. */
  excerpt: string;
  /** What was joined, in this order. */
  texts: readonly CleanedText[];
}

const novelTitle = "Moby-Dick";
const startLength = 3000;
const excerptLength = 1600;

/** Holds the text that is open; texts are decoded, cleaned and encoded here, away from the page. */
export function createTextService() {
  let given: { texts: readonly GivenText[]; title: string; isNovel: boolean } | undefined;
  let prepared: PreparedText | undefined;

  async function read(source: TextSource): Promise<NonNullable<typeof given>> {
    switch (source.kind) {
      case "novel":
        return { texts: [await readNovel()], title: novelTitle, isNovel: true };
      case "files": {
        const files = inOrder(source.files);
        const texts: GivenText[] = [];
        for (const { name, file } of files) {
          const bytes = new Uint8Array(await file.arrayBuffer());
          texts.push({ ...decodeText(bytes, `the file “${name}”`), name });
        }
        return { texts, title: titleOf(files.map(({ name }) => name)), isNovel: false };
      }
      case "text": {
        // By way of its bytes, so that what is no text is refused here as it is in a file.
        const known = { what: "what was pasted", encoding: "utf-8" };
        const title = "Your text";
        const text = { ...decodeText(new TextEncoder().encode(source.text), known), name: title };
        return { texts: [text], title, isNovel: false };
      }
      case "again":
        return given ?? read({ kind: "novel" });
    }
  }

  return {
    /** @throws {CorpusError | Error} When it is no text, or the recipe does not fit it; of several files it names the one. */
    async openText(source: TextSource, cleaning: CleaningChoices): Promise<TextSummary> {
      const opened = await read(source);
      const { text, places, texts } = cleanTexts(opened.texts, cleaning);
      const vocabulary = createVocabulary(text);
      const { title, isNovel } = opened;
      given = opened;
      prepared = {
        text,
        ids: encode(text, vocabulary),
        vocabulary,
        origin: { title, cleaning, isNovel, ...(places.length > 1 ? { places } : {}) },
      };
      const middle = text.indexOf("\n", Math.floor(text.length / 3)) + 1;
      return {
        title,
        characters: prepared.ids.length,
        vocabulary: vocabulary.characters,
        start: text.slice(0, startLength),
        excerpt: text.slice(middle, middle + excerptLength).trim() || text.slice(0, excerptLength),
        texts,
      };
    },

    /** The text that is open. */
    get open(): PreparedText | undefined {
      return prepared;
    },

    /** The text of a run that was saved under `id`. */
    async reopen(id: string, origin: TextOrigin): Promise<PreparedText> {
      const text = origin.isNovel ? cleanTexts([await readNovel()], origin.cleaning).text : await loadText(id);
      if (text === undefined) {
        throw new Error(
          "The text of this run is not in the browser’s storage any more, so it cannot go on. The model itself can still be used.",
        );
      }
      const vocabulary = createVocabulary(text);
      return { text, ids: encode(text, vocabulary), vocabulary, origin };
    },
  };
}

async function readNovel(): Promise<GivenText> {
  // Built, this worker's script lies in a folder beside the novel; in dev the server has the novel at its root.
  const response = await fetch(new URL(import.meta.env.DEV ? "/novel.bin" : "../novel.bin", self.location.href));
  if (!response.ok || !response.body) throw new Error(`The novel could not be loaded (${response.status}).`);
  const text = await new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).text();
  return { text, encoding: "utf-8", warnings: [], name: novelTitle };
}
