import { decodeText } from "@charlstm/corpus";
import { assetAddress } from "../files/asset-address.js";
import type { FoundFile } from "../files/found-files.js";
import { loadText } from "../files/library.js";
import { bundledOf, type TextOrigin } from "../files/records.js";
import { type BundledText, bundledTexts } from "../logic/bundled-texts.js";
import {
  type CleanedText,
  type CleaningChoices,
  cleanTexts,
  type GivenText,
  inOrder,
  titleOf,
} from "../logic/clean-texts.js";
import { type PreparedText, prepareText } from "./prepared-text.js";

export type TextSource =
  | { kind: "bundled"; id: BundledText }
  | { kind: "files"; files: readonly FoundFile[] }
  | { kind: "text"; text: string }
  /** The text that is open, cleaned another way. */
  | { kind: "again" };

/** What the page shows of a text. */
export interface TextSummary {
  title: string;
  /** Which of the page's own texts it is. */
  bundled: BundledText | undefined;
  characters: number;
  vocabulary: readonly string[];
  /** Its first characters. */
  start: string;
  /** Some characters from its middle, to look at cells with. */
  excerpt: string;
  /** What was joined, in this order. */
  texts: readonly CleanedText[];
}

const startLength = 3000;
const excerptLength = 1600;

/** Holds the text that is open; texts are decoded, cleaned and encoded here, away from the page. */
export function createTextService() {
  let given: { texts: readonly GivenText[]; title: string; bundled?: BundledText } | undefined;
  let prepared: PreparedText | undefined;

  async function read(source: TextSource): Promise<NonNullable<typeof given>> {
    switch (source.kind) {
      case "bundled": {
        const { id } = source;
        return { texts: [await readBundled(id)], title: bundledTexts[id].title, bundled: id };
      }
      case "files": {
        const files = inOrder(source.files);
        const texts: GivenText[] = [];
        for (const { name, file } of files) {
          const bytes = new Uint8Array(await file.arrayBuffer());
          texts.push({ ...decodeText(bytes, `the file “${name}”`), name });
        }
        return { texts, title: titleOf(files.map(({ name }) => name)) };
      }
      case "text": {
        // By way of its bytes, so that what is no text is refused here as it is in a file.
        const known = { what: "what was pasted", encoding: "utf-8" };
        const title = "Your text";
        const text = { ...decodeText(new TextEncoder().encode(source.text), known), name: title };
        return { texts: [text], title };
      }
      case "again":
        return given ?? read({ kind: "bundled", id: "novel" });
    }
  }

  return {
    /** @throws {CorpusError | Error} When it is no text, or the recipe does not fit it; of several files it names the one. */
    async openText(source: TextSource, cleaning: CleaningChoices): Promise<TextSummary> {
      const opened = await read(source);
      const { text, places, texts } = cleanTexts(opened.texts, cleaning);
      const { title, bundled } = opened;
      given = opened;
      const severalPlaces = places.length > 1 ? { places } : {};
      prepared = prepareText(text, { title, cleaning, ...(bundled && { bundled }), ...severalPlaces });
      const middle = text.indexOf("\n", Math.floor(text.length / 3)) + 1;
      return {
        title,
        bundled,
        characters: prepared.ids.length,
        vocabulary: prepared.vocabulary.characters,
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
      const bundled = bundledOf(origin);
      const text = bundled ? cleanTexts([await readBundled(bundled)], origin.cleaning).text : await loadText(id);
      if (text === undefined) {
        throw new Error(
          "The text of this run is not in the browser’s storage any more, so it cannot go on. The model itself can still be used.",
        );
      }
      return prepareText(text, origin);
    },
  };
}

async function readBundled(id: BundledText): Promise<GivenText> {
  const { title } = bundledTexts[id];
  const response = await fetch(assetAddress(`texts/${id}.bin`));
  if (!response.ok || !response.body)
    throw new Error(`“${title}” could not be loaded (${response.status}): try again.`);
  const text = await new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).text();
  return { text, encoding: "utf-8", warnings: [], name: title };
}
