// A sweep as it begins or goes on: its texts, its trials, its folder.
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { checkSettings } from "@charlstm/training";
import { CliError } from "../errors.js";
import { makeFreeFolder, nameOf } from "../run/claim.js";
import { openRecordedText, recordedCleaning, recordedRecipe } from "../run/recorded-text.js";
import { commandLine } from "../terminal/invocation.js";
import { type Io, say } from "../terminal/io.js";
import { terminalLine } from "../terminal/terminal-text.js";
import { cleaningOf } from "../texts/book-flags.js";
import { openTexts, titleOf } from "../texts/training-text.js";
import { fittedSettings } from "../train/plan.js";
import { versions } from "../versions.js";
import { type SweepFlags, sharedOf, sharedThreads, spaceOf } from "./flags.js";
import type { SweepRecord, SweptText, Trial } from "./folder.js";
import { mostTrials, pointsOf } from "./points.js";
import { rungsOf } from "./schedule.js";
import { type OpenText, planTrial } from "./texts.js";

/** What a sweep is made of, before anything is written. */
export interface PlannedSweep {
  record: SweepRecord;
  texts: readonly OpenText[];
}

/**
 * Opens the texts and lists the trials: every point of the space on every text.
 *
 * @param books What each text is named by; of one text none, which is the book that `train` takes.
 * @throws {CliError} `BAD_USAGE` for a space of one point, of too many, or rungs without epochs.
 */
export async function planSweep(
  io: Io,
  books: readonly (readonly string[])[],
  flags: Pick<SweepFlags, "preset"> & Partial<SweepFlags>,
): Promise<PlannedSweep> {
  const { preset, seed = 1, halving = false, parallel = 1, items, recipe, queue, store } = flags;
  const points = pointsOf(spaceOf(flags), { trials: flags.trials, seed });
  const count = points.length * Math.max(1, books.length);
  if (count === 1) {
    throw new CliError(
      "BAD_USAGE",
      "there is one trial, and nothing to choose from: give a setting several values, as in --units 128,192, or name several books",
    );
  }
  if (count > mostTrials)
    throw new CliError("BAD_USAGE", `${count} trials are more than ${mostTrials}: lower --trials`);
  const texts: OpenText[] = [];
  const cleaning = cleaningOf(flags);
  for (const words of books.length > 0 ? books : [[]]) {
    const options = { ...flags, items, recipe: recipe ?? (preset === "notebook" ? "notebook" : "auto") } as const;
    const text = await openTexts(io, words, options);
    say(io, `${terminalLine(titleOf(text, items))}: ${text.ids.length} characters, ${text.vocabulary.size} distinct`);
    texts.push({ text, cleaning });
  }
  const trials = texts.flatMap(({ text }, place) =>
    points.map((values, index): Trial => {
      const own = { ...sharedOf(flags), ...values, preset, seed } as Parameters<typeof fittedSettings>[0];
      const settings = checkSettings(fittedSettings(own, text.ids));
      return { id: place * points.length + index + 1, text: place, values, settings };
    }),
  );
  const record: SweepRecord = {
    formatVersion: 1,
    trials,
    texts: texts.map((text, place) => sweptText(text, trials[place * points.length]!, preset)),
    ...{
      preset,
      seed,
      halving,
      threads: flags.threads ?? (queue === undefined ? sharedThreads(parallel) : 1),
      versions,
    },
    ...(queue === undefined ? {} : { queue: { name: queueName(texts), store: wholeStore(io, store) } }),
    started: new Date().toISOString(),
  };
  if (halving) checkRungs(record);
  return { record, texts };
}

function sweptText(text: OpenText, trial: Trial, preset: SweepRecord["preset"]): SweptText {
  // A text that is too short for one trial's window may do for another's.
  const { book, corpus } = planTrial(text, { ...trial, settings: { ...trial.settings, window: 1 } }, { preset }).record;
  return { book, corpus };
}

/** A store as it can be found from everywhere: a path from the root. */
function wholeStore(io: Io, store: string | undefined): string | undefined {
  return store === undefined || store.startsWith("s3://") ? store : resolve(io.folder, store);
}

/** A name that no other sweep in the queue has; BullMQ takes no colon in it. */
function queueName([first]: readonly OpenText[]): string {
  const { name: book, title, sha256 } = first!.text;
  return `${nameOf({ book, corpus: { title, sha256 } as SweptText["corpus"] })}-${randomBytes(6).toString("hex")}`;
}

function checkRungs({ trials }: SweepRecord): void {
  for (const text of new Set(trials.map((trial) => trial.text))) {
    const epochs = new Set(trials.filter((trial) => trial.text === text).map(({ settings }) => settings.epochs));
    const [only = 0] = epochs;
    if (epochs.size === 1 && rungsOf(only).length > 1) continue;
    const why =
      epochs.size > 1 ? `trials of ${[...epochs].join(", ")} epochs have none in common` : `${only} are too few`;
    throw new CliError(
      "BAD_USAGE",
      `--halving needs rungs of epochs, and ${why}: give one number, 3 or more, with --epochs`,
    );
  }
}

/** Opens the texts of a sweep that goes on: those that it began with, and no others. */
export async function reopenTexts(io: Io, folder: string, record: SweepRecord): Promise<OpenText[]> {
  const texts: OpenText[] = [];
  for (const [place, recorded] of record.texts.entries()) {
    const { settings } = record.trials.find(({ text }) => text === place)!;
    const text = await openRecordedText(io, recorded, {
      ...{ recipe: recordedRecipe(recorded) ?? "auto", flags: {}, items: settings.items },
      command: (...words) => commandLine(io, "sweep", ...words),
    });
    if (text.textSha256 !== recorded.corpus.textSha256) {
      throw new CliError(
        "CORPUS_CHANGED",
        `${folder} was begun on another text: its sha256 is ${recorded.corpus.textSha256}, this one's is ${text.textSha256}: begin a new sweep`,
      );
    }
    texts.push({ text, cleaning: recordedCleaning(recorded) });
  }
  return texts;
}

/** The folder that a new sweep gets: `out`, or the first free `runs/sweep-<book>-<n>`. */
export async function sweepFolder(io: Io, out: string | undefined, { texts }: SweepRecord): Promise<string> {
  if (out !== undefined) return resolve(io.folder, out);
  return (await makeFreeFolder(io, `sweep-${texts.length > 1 ? "books" : nameOf(texts[0]!)}`)).folder;
}
