// Several texts, each cleaned by itself, read one after the other as one.
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { isCorpusError, type Recipe, type Warning } from "@charlstm/corpus";
import { createTextJoiner, type ItemKind, type TextPlace, textSeparator } from "@charlstm/training";
import { encodeStream, type Ids, type Vocabulary } from "@charlstm/vectorize";
import { CliError } from "../errors.js";
import { type Io, say, warn } from "../terminal/io.js";
import { type BookOptions, openBook, pathOf } from "./book.js";
import { largeSize, openLargeText } from "./large-text.js";
import type { NamedTexts, SkippedText } from "./name-texts.js";
import { createReadingProgress } from "./reading-progress.js";

/** What is known of one of several texts. */
export interface TextFacts {
  /** An id, an absolute path, a URL, or `-`. */
  name: string;
  title?: string | undefined;
  /** Of the bytes that were read. */
  sha256: string;
  /** Of the clean text. */
  characters: number;
}

/** Several texts as one. */
export interface SeveralTexts {
  ids: Ids;
  vocabulary: Vocabulary;
  /** Where each stands in `ids`. */
  places: readonly TextPlace[];
  texts: readonly TextFacts[];
  skipped: readonly SkippedText[];
  recipe: Recipe;
  /** Of the texts' own sha256s, one a line. */
  sha256: string;
  /** Of all of it in UTF-8. */
  textSha256: string;
}

/**
 * Reads several texts: no more than one of them is in memory as a string. Items come with their marks.
 *
 * @throws {CliError} `NO_TEXT` when none is left; what is wrong with a text that is not left out.
 */
export async function readSeveralTexts(
  io: Io,
  named: NamedTexts,
  { items, ...reading }: BookOptions & { items?: ItemKind | undefined },
): Promise<SeveralTexts> {
  const reader = createReader(io, named, reading, items);
  const progress = createReadingProgress(io, named.names.length);
  try {
    const pieces = reader.pieces((texts, bytes) => progress.show(texts, bytes));
    const { ids, vocabulary } = await encodeStream(pieces, { capacity: sizeOf(io, named), signal: io.signal });
    progress.close();
    reader.tell();
    return { ids, vocabulary, ...reader.facts() };
  } finally {
    progress.close();
  }
}

/** Room for all files among the texts, so that what is read need not move. */
function sizeOf(io: Io, { names }: NamedTexts): number {
  let bytes = 0;
  for (const name of names) {
    const path = name === "-" ? undefined : pathOf(io, name);
    try {
      if (path !== undefined) bytes += statSync(path).size + textSeparator.length;
    } catch {
      // Who reads it says what is wrong with it.
    }
  }
  return bytes;
}

/** Reads text after text, and remembers what was found. */
function createReader(io: Io, { names, skipped: passed }: NamedTexts, options: BookOptions, items?: ItemKind) {
  const recipe = options.recipe === "auto" ? "gutenberg" : options.recipe;
  const joiner = createTextJoiner(items);
  const hash = createHash("sha256");
  const texts: TextFacts[] = [];
  const skipped = [...passed];
  const warnings = createWarnings(io);
  let bytes = 0;

  /** A text's pieces, and its facts once they are read. */
  async function open(name: string) {
    const path = name === "-" ? undefined : pathOf(io, name);
    const size = await largeSize(path);
    if (path !== undefined && size !== undefined) {
      const { pieces, facts } = await openLargeText(io, path, size, options);
      return { pieces, facts: () => ({ title: undefined, sha256: facts().sha256 }) };
    }
    const { corpus } = await openBook(io, name, { ...options, recipe });
    for (const warning of corpus.warnings) warnings.add(name, warning);
    return { pieces: [corpus.text], facts: () => ({ title: corpus.title, sha256: corpus.sha256 }) };
  }

  async function* piecesOf(name: string): AsyncGenerator<string> {
    const { pieces, facts } = await open(name);
    for await (const piece of pieces) {
      const joined = joiner.next(piece);
      hash.update(joined);
      bytes += joined.length;
      yield joined;
    }
    joiner.endText();
    const { begin, end } = joiner.places.at(-1)!;
    texts.push({ name, ...facts(), characters: end - begin });
  }

  return {
    async *pieces(onProgress: (texts: number, bytes: number) => void): AsyncGenerator<string> {
      for (const [count, name] of names.entries()) {
        io.signal.throwIfAborted();
        try {
          yield* piecesOf(name);
        } catch (error) {
          const reason = options.skipBad ? whyBad(error) : undefined;
          if (reason === undefined) throw names.length > 1 ? refusal(error) : error;
          skipped.push({ name, reason });
        }
        onProgress(count + 1, bytes);
      }
      const rest = joiner.rest();
      hash.update(rest);
      yield rest;
      if (texts.length > 0) return;
      throw new CliError("NO_TEXT", `none of ${names.length} files is a text (${listed(skipped)}): name one that is`);
    },
    /** Says what was left out, and what is not as it should be. */
    tell() {
      if (skipped.length > 0)
        say(io, `skipped ${skipped.length} of ${names.length + passed.length} files: ${listed(skipped)}`);
      warnings.tell();
    },
    facts() {
      const sha256 = createHash("sha256")
        .update(texts.map((text) => `${text.sha256}\n`).join(""))
        .digest("hex");
      return { places: joiner.places, texts, skipped, recipe, sha256, textSha256: hash.digest("hex") };
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  BINARY_FILE: "no plain text",
  EMPTY_TEXT: "empty",
  UNREADABLE: "cannot be read",
  TOO_LARGE: "too large",
  MARKER_MISSING: "lacks the recipe's markers",
};

/** Why a text is a bad one; `undefined` for other errors: what is not there, or cannot be fetched, is another matter. */
function whyBad(error: unknown): string | undefined {
  return isCorpusError(error) ? reasons[error.code] : undefined;
}

/** The error of a text that is not left out, with what would do so. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Error) || whyBad(error) === undefined) return error;
  return Object.assign(error, { message: `${error.message} (--skip-bad goes on without it)` });
}

const mostListed = 10;

function listed(skipped: readonly SkippedText[]): string {
  const shown = skipped.slice(0, mostListed).map(({ name, reason }) => `${name} (${reason})`);
  const more = skipped.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Warnings of many texts: those of a kind are told once, with the first one's words. */
function createWarnings(io: Io): { add(name: string, warning: Warning): void; tell(): void } {
  const kinds = new Map<string, { message: string; name: string; count: number }>();
  return {
    add(name, { code, message }) {
      const kind = kinds.get(code);
      if (kind) kind.count++;
      else kinds.set(code, { message, name, count: 1 });
    },
    tell() {
      for (const { message, name, count } of kinds.values())
        warn(io, `${name}: ${message}${count > 1 ? ` (and the like of ${count - 1} more)` : ""}`);
    },
  };
}
