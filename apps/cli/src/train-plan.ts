import { createHash } from "node:crypto";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { batchSource, checkSettings, presets, splitText, type TrainingSettings } from "@charlstm/training";
import { countWindows, createVocabulary, decode, encode, type Ids, type Vocabulary } from "@charlstm/vectorize";
import { type Book, openBook } from "./book.js";
import { CliError } from "./errors.js";
import { type Io, say } from "./io.js";
import type { RunRecord } from "./run-folder.js";
import { settingsFrom, type TrainFlags } from "./train-options.js";
import { versions } from "./versions.js";

/** A run as the command line asks for it, before anything is written. */
export interface TrainPlan {
  settings: TrainingSettings;
  vocabulary: Vocabulary;
  ids: Ids;
  /** Rows of a batch. */
  rows: number;
  record: Omit<RunRecord, "backend">;
  /** What every checkpoint says of the text: its book and facts, and its beginning, to prompt with. */
  metadata: Readonly<Record<string, unknown>>;
}

/** A run to go on with. */
export interface ResumedRun {
  folder: string;
  record: RunRecord;
  checkpoint: Checkpoint;
}

/** Loads the book, and checks that the settings suit it. */
export async function planTraining(
  io: Io,
  book: string | undefined,
  flags: TrainFlags,
  resumed?: ResumedRun,
): Promise<TrainPlan> {
  const settings = checkSettings(settingsFrom(resumed?.record.settings ?? presets[flags.preset], flags));
  const opened = await openBook(io, book ?? resumed?.record.book, {
    recipe: flags.recipe ?? resumed?.record.corpus.recipe ?? (flags.preset === "notebook" ? "notebook" : "auto"),
    offline: flags.offline,
  });
  const { text } = opened.corpus;
  const vocabulary = createVocabulary(text);
  const ids = encode(text, vocabulary);
  describeText(io, opened, ids, vocabulary, settings);
  const { rows } = batchSource(splitText(ids, settings.heldOut).train, settings);
  const record = recordOf(opened, flags.preset, settings, ids, vocabulary);
  if (resumed && resumed.record.corpus.textSha256 !== record.corpus.textSha256) {
    throw new CliError(
      "CORPUS_CHANGED",
      `the run was trained on another text: its sha256 is ${resumed.record.corpus.textSha256} ` +
        `(${resumed.record.corpus.characters} characters), this one's is ${record.corpus.textSha256} (${ids.length} characters): ` +
        "give the book that the run began with, or start a new run",
    );
  }
  const { book: name, corpus, versions } = record;
  const prompt = decode(ids.subarray(0, settings.window), vocabulary);
  return { settings, vocabulary, ids, rows, record, metadata: { book: name, corpus, versions, prompt } };
}

function describeText(
  io: Io,
  { corpus }: Book,
  ids: Ids,
  vocabulary: Vocabulary,
  { window, stride }: TrainingSettings,
): void {
  for (const { message } of corpus.warnings) say(io, `warning: ${message}`);
  const windows = ids.length > window ? countWindows(ids.length, { window, stride }) : 0;
  say(
    io,
    `${corpus.title ?? "text"}: ${ids.length} characters, ${vocabulary.size} distinct, ${windows} windows of ${window} (recipe ${corpus.recipe})`,
  );
}

function recordOf(
  { corpus, name }: Book,
  preset: string,
  settings: TrainingSettings,
  ids: Ids,
  vocabulary: Vocabulary,
): Omit<RunRecord, "backend"> {
  return {
    formatVersion: 1,
    book: name,
    preset,
    settings,
    corpus: {
      title: corpus.title,
      recipe: corpus.recipe,
      sha256: corpus.sha256,
      textSha256: createHash("sha256").update(corpus.text).digest("hex"),
      characters: ids.length,
      vocabulary: vocabulary.size,
    },
    versions,
    started: new Date().toISOString(),
  };
}
