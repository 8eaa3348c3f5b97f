import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { isCorpusError, parseSource, type Recipe } from "@charlstm/corpus";
import type { ItemKind } from "@charlstm/training";
import { CliError } from "../errors.js";
import type { Io } from "../terminal/io.js";
import type { RecipeChoice } from "../texts/book.js";
import { type BookFlags, type CleaningFlags, cleaningOf } from "../texts/book-flags.js";
import { readSeveralTexts } from "../texts/several-texts.js";
import { asTrainingText, openTrainingText, type TrainingText } from "../texts/training-text.js";
import type { RunRecord } from "./folder.js";

/** What a run or a checkpoint says of its text: JSON that may come from anywhere. */
export interface RecordedText {
  book?: unknown;
  corpus?: unknown;
}

/** How a recorded text is opened. */
export interface RecordedOptions {
  recipe: RecipeChoice;
  flags: BookFlags;
  /** What of it is an item. */
  items?: ItemKind | undefined;
  /** The command that names a text with these words, to be told. */
  command: (...words: string[]) => string;
}

/**
 * Opens the text that a run or a model says it was trained on, and nothing else: this is the one place that decides what may be
 * opened because a file names it. A model from elsewhere makes the program neither connect nor wait nor read another text:
 *
 * - a number or an address comes from the cache, where only what the user named has ever gone, and is never fetched;
 * - a path is read when it is absolute, on this machine, and a plain file's;
 * - either only when its sha256 is the recorded one. The novel that comes with the program needs none.
 *
 * All else, the standard input among it, has to be named on the command line.
 *
 * @throws {CliError} `BOOK_NEEDED`, `CORPUS_CHANGED`; `BAD_USAGE` for flags about fetching.
 */
export async function openRecordedText(
  io: Io,
  recorded: RecordedText,
  { recipe, flags, items, command }: RecordedOptions,
): Promise<TrainingText> {
  const { book } = recorded;
  if (flags.mirror || flags.refresh) {
    const asIn = flags.refresh ? command("BOOK", "--refresh") : command("BOOK", "--mirror", "ADDRESS");
    throw new CliError("BAD_USAGE", `--mirror and --refresh are for a book that is named, as in: ${asIn}`);
  }
  const cleaning = { ...recordedCleaning(recorded), ...cleaningOf(flags) };
  if (Array.isArray(book)) return openRecordedTexts(io, recorded, { ...cleaning, items, recipe }, command);
  if (book === null) return openTrainingText(io, null, { ...cleaning, items, recipe });
  const { sha256 } = factsOf(recorded);
  const name = typeof sha256 === "string" ? await nameThatMayBeOpened(book) : undefined;
  const needed = (why: string, cause?: unknown) =>
    new CliError("BOOK_NEEDED", `${why}: name it, as in: ${command(commandWord(book))}`, { cause });
  if (name === undefined) throw needed(`the text that this was trained on ${whyNot(book)}`);
  const text = await openTrainingText(io, name, { ...cleaning, items, recipe, offline: true }).catch((error) => {
    if (!isCorpusError(error)) throw error;
    throw needed(
      `the text that this was trained on, ${name}, is not here, and is not fetched because a file names it`,
      error,
    );
  });
  if (text.sha256 === sha256) return text;
  throw new CliError(
    "CORPUS_CHANGED",
    `${name} is no longer the text that this was trained on (its sha256 is ${text.sha256}, was ${sha256}): ` +
      `name the text to take, as in: ${command(commandWord(name))}`,
  );
}

/** The same of several texts: each of those that are listed, and no other that may by now be in their folder. */
async function openRecordedTexts(
  io: Io,
  recorded: RecordedText,
  options: CleaningFlags & Pick<RecordedOptions, "recipe" | "items">,
  command: (...words: string[]) => string,
): Promise<TrainingText> {
  const words = (recorded.book as unknown[]).map((word) => commandWord(word));
  const needed = (why: string, cause?: unknown) =>
    new CliError("BOOK_NEEDED", `${why}: name them, as in: ${command(...words)}`, { cause });
  const { texts } = factsOf(recorded);
  if (!isListOfTexts(texts)) throw needed("this was trained on several texts, which are not listed in it");
  const names: string[] = [];
  for (const { name: given } of texts) {
    const name = await nameThatMayBeOpened(given);
    if (name === undefined) throw needed(`one of the texts that this was trained on ${whyNot(given)}`);
    names.push(name);
  }
  const read = await readSeveralTexts(io, { names, skipped: [] }, { ...options, offline: true }).catch((error) => {
    if (!isCorpusError(error)) throw error;
    throw needed(`a text that this was trained on cannot be read (${error.message})`, error);
  });
  const changed = changedTexts(texts, read.texts);
  if (changed === undefined) return asTrainingText(words, read);
  throw new CliError(
    "CORPUS_CHANGED",
    `the texts that this was trained on have changed (${changed}): name those to take, as in: ${command(...words)}`,
  );
}

type ListedText = NonNullable<RunRecord["corpus"]["texts"]>[number];

function isListOfTexts(texts: unknown): texts is readonly ListedText[] {
  const isText = (text: unknown) =>
    typeof text === "object" &&
    text !== null &&
    ["name", "sha256"].every((key) => typeof (text as Record<string, unknown>)[key] === "string");
  return Array.isArray(texts) && texts.length > 0 && texts.every(isText);
}

/** What of the texts of a run is no longer as it was, in words; `undefined` when all of it is. */
export function changedTexts(were: readonly ListedText[], are: readonly ListedText[]): string | undefined {
  const before = new Map(were.map(({ name, sha256 }) => [name, sha256]));
  const now = new Map(are.map(({ name, sha256 }) => [name, sha256]));
  const changed = are.filter(({ name, sha256 }) => before.has(name) && before.get(name) !== sha256);
  const facts = {
    changed,
    missing: were.filter(({ name }) => !now.has(name)),
    new: are.filter(({ name }) => !before.has(name)),
  };
  const told = Object.entries(facts)
    .filter(([, texts]) => texts.length > 0)
    .map(([what, texts]) => `${what}: ${firstOf(texts.map(({ name }) => name))}`);
  if (told.length > 0) return told.join("; ");
  return were.every(({ name }, index) => are[index]?.name === name) ? undefined : "they come in another order";
}

function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** How the recorded text was cleaned; `undefined` where it does not say, or it was too large to be cleaned. */
export function recordedRecipe(recorded: RecordedText): Recipe | undefined {
  const { recipe } = factsOf(recorded);
  return recipe === "gutenberg" || recipe === "notebook" ? recipe : undefined;
}

/** What was asked of the cleaning beside the recipe. */
export function recordedCleaning(recorded: RecordedText): CleaningFlags {
  const { cleaning } = factsOf(recorded);
  if (typeof cleaning !== "object" || cleaning === null) return {};
  const { encoding, unwrap, foldCase, cleanUnmarked } = cleaning as Record<string, unknown>;
  return cleaningOf({
    encoding: typeof encoding === "string" ? encoding : undefined,
    unwrap: unwrap === true || undefined,
    foldCase: foldCase === true || undefined,
    cleanUnmarked: cleanUnmarked === true || undefined,
  });
}

function factsOf({ corpus }: RecordedText): {
  sha256?: unknown;
  recipe?: unknown;
  cleaning?: unknown;
  texts?: unknown;
} {
  return typeof corpus === "object" && corpus !== null ? corpus : {};
}

async function nameThatMayBeOpened(book: unknown): Promise<string | undefined> {
  const source = sourceOf(book);
  if (source === undefined || typeof book !== "string") return undefined;
  if (!("path" in source)) return book;
  return isOfThisMachine(source.path) && (await isPlainFile(source.path)) ? source.path : undefined;
}

function sourceOf(book: unknown): ReturnType<typeof parseSource> | undefined {
  try {
    return typeof book === "string" ? parseSource(book) : undefined;
  } catch {
    return undefined;
  }
}

/** Not a path from where the user happens to stand, nor `\\server\share`, which Windows would connect to. */
function isOfThisMachine(path: string): boolean {
  return isAbsolute(path) && !/^[\\/]{2}/.test(path);
}

/** A pipe or a device may have no end, or never begin. */
function isPlainFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}

function whyNot(book: unknown): string {
  const source = sourceOf(book);
  if (book === "-") return "came from the standard input";
  if (source && "path" in source && isOfThisMachine(source.path)) return `is not there (${source.path})`;
  return source && !("path" in source) ? "is recorded without its sha256" : "is not recorded";
}

/** A recorded name as a word of a command, if it is one that could be meant. */
function commandWord(book: unknown): string {
  const source = sourceOf(book);
  if (book === "-") return "-";
  if (!source || ("path" in source && !isOfThisMachine(source.path))) return "BOOK";
  return String(book);
}
