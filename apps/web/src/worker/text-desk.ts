import { type Cut, cleanText, type DecodedText, decodeText, type Recipe } from "@charlstm/corpus";
import { createVocabulary, encode, type Ids, type Vocabulary } from "@charlstm/vectorize";
import { loadText } from "../files/shelf.js";

export interface CleaningChoices {
  recipe: Recipe;
  /** Lower-cases the text; the recipe `notebook` always does. */
  foldCase: boolean;
  /** Joins the wrapped lines of prose; the recipe `notebook` leaves none. */
  unwrap: boolean;
}

export type TextSource =
  | { kind: "novel" }
  | { kind: "file"; file: File }
  | { kind: "text"; text: string }
  /** The text that is open, cleaned another way. */
  | { kind: "again" };

/** How a run finds its text again: the bundled novel is cleaned anew, any other is kept with the model. */
export type TextOrigin = { title: string; cleaning: CleaningChoices; isNovel: boolean };

/** A text that a run can train on. */
export interface PreparedText {
  text: string;
  ids: Ids;
  vocabulary: Vocabulary;
  origin: TextOrigin;
}

/** What was cut by one rule, with its first pieces. */
export interface CutPreview extends Omit<Cut, "spans"> {
  excerpts: string[];
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
  cuts: CutPreview[];
  warnings: string[];
  encoding: string;
}

const startLength = 3000;
const excerptLength = 1600;
const excerptsPerCut = 3;
const cutExcerptLength = 160;

/** Holds the text that is open; texts are decoded, cleaned and encoded here, away from the page. */
export function createTextDesk() {
  let given: (DecodedText & { title: string; isNovel: boolean }) | undefined;
  let prepared: PreparedText | undefined;

  async function read(source: TextSource): Promise<NonNullable<typeof given>> {
    switch (source.kind) {
      case "novel":
        return { text: await readNovel(), encoding: "utf-8", warnings: [], title: "Moby-Dick", isNovel: true };
      case "file": {
        const bytes = new Uint8Array(await source.file.arrayBuffer());
        const title = source.file.name.replace(/\.[^.]*$/, "");
        return { ...decodeText(bytes, `the file “${source.file.name}”`), title, isNovel: false };
      }
      case "text": {
        // By way of its bytes, so that what is no text is refused here as it is in a file.
        const known = { what: "what was pasted", encoding: "utf-8" };
        return { ...decodeText(new TextEncoder().encode(source.text), known), title: "Your text", isNovel: false };
      }
      case "again":
        return given ?? read({ kind: "novel" });
    }
  }

  return {
    /** @throws {CorpusError} When it is no text, or the recipe does not fit it. */
    async openText(source: TextSource, cleaning: CleaningChoices): Promise<TextSummary> {
      const opened = await read(source);
      const cleaned = cleanText(opened.text, cleaningOptions(cleaning));
      const vocabulary = createVocabulary(cleaned.text);
      const { title, isNovel } = opened;
      given = opened;
      prepared = {
        text: cleaned.text,
        ids: encode(cleaned.text, vocabulary),
        vocabulary,
        origin: { title, cleaning, isNovel },
      };
      const middle = cleaned.text.indexOf("\n", Math.floor(cleaned.text.length / 3)) + 1;
      return {
        title,
        characters: prepared.ids.length,
        vocabulary: vocabulary.characters,
        start: cleaned.text.slice(0, startLength),
        excerpt: cleaned.text.slice(middle, middle + excerptLength).trim() || cleaned.text.slice(0, excerptLength),
        cuts: cleaned.cuts.map((cut) => previewCut(cut, cleaned.given)),
        warnings: [...opened.warnings, ...cleaned.warnings.filter(({ code }) => code !== "NO_MARKER")].map(
          ({ message }) => message,
        ),
        encoding: opened.encoding,
      };
    },

    /** The text that is open. */
    get open(): PreparedText | undefined {
      return prepared;
    },

    /** The text of a run that was saved under `id`. */
    async reopen(id: string, origin: TextOrigin): Promise<PreparedText> {
      const text = origin.isNovel
        ? cleanText(await readNovel(), cleaningOptions(origin.cleaning)).text
        : await loadText(id);
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

function cleaningOptions({ recipe, foldCase, unwrap }: CleaningChoices) {
  return recipe === "notebook" ? { recipe } : { recipe, foldCase, unwrap };
}

function previewCut({ spans, ...cut }: Cut, given: string): CutPreview {
  const excerpts: string[] = [];
  for (let index = 0; index + 1 < spans.length && excerpts.length < excerptsPerCut; index += 2) {
    const [start, end] = [spans[index]!, spans[index + 1]!];
    const excerpt = given.slice(start, Math.min(end, start + cutExcerptLength)).trim();
    if (excerpt !== "") excerpts.push(end - start > cutExcerptLength ? `${excerpt} …` : excerpt);
  }
  return { ...cut, excerpts };
}

async function readNovel(): Promise<string> {
  // Built, this worker's script lies in a folder beside the novel; in dev the server has the novel at its root.
  const response = await fetch(new URL(import.meta.env.DEV ? "/novel.bin" : "../novel.bin", self.location.href));
  if (!response.ok || !response.body) throw new Error(`The novel could not be loaded (${response.status}).`);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).text();
}
