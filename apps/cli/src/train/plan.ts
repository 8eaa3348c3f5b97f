import type { Checkpoint } from "@charlstm/model/checkpoint";
import {
  batchSource,
  checkSettings,
  type FurtherModel,
  fitItems,
  fitWarmup,
  presetFor,
  presets,
  settingsFurther,
  splitItems,
  splitText,
  type TrainingSettings,
  textSeparator,
} from "@charlstm/training";
import { countWindows, decode, type Ids, itemStarts, type Vocabulary } from "@charlstm/vectorize";
import { CliError } from "../errors.js";
import type { ResumedRun, RunRecord, SavingChoices } from "../run/folder.js";
import { changedTexts, openRecordedText, recordedCleaning, recordedRecipe } from "../run/recorded-text.js";
import { commandLine } from "../terminal/invocation.js";
import { type Io, say } from "../terminal/io.js";
import { terminalLine } from "../terminal/terminal-text.js";
import { type CleaningFlags, cleaningOf } from "../texts/book-flags.js";
import type { TextFacts } from "../texts/several-texts.js";
import { openTexts, type TrainingText, titleOf } from "../texts/training-text.js";
import { versions } from "../versions.js";
import { type SettingFlags, savingFrom, settingsFrom, type TrainFlags } from "./options.js";
import { type FurtherText, furtherOf } from "./starting-model.js";

/** A run as the command line asks for it, before anything is written. */
export interface TrainPlan {
  settings: TrainingSettings;
  vocabulary: Vocabulary;
  /** What trains, and what only measures. */
  ids: Ids;
  heldOut: Ids;
  /** Rows of a batch. */
  rows: number;
  record: Omit<RunRecord, "backend">;
  /** What every checkpoint says of the text: its book and facts, and its beginning, to prompt with. */
  metadata: Readonly<Record<string, unknown>>;
  /** The model that learns further, before its first update. */
  model?: FurtherModel | undefined;
}

/** Loads the book, and checks that the settings suit it. */
export async function planTraining(
  io: Io,
  books: readonly string[],
  flags: TrainFlags,
  resumed?: ResumedRun,
): Promise<TrainPlan> {
  // Before a book is fetched: what no text could make right.
  checkSettings(settingsFrom(resumed?.record.settings ?? presets[flags.preset], flags));
  const recorded = resumed && recordedRecipe(resumed.record);
  if (resumed && flags.recipe && flags.recipe !== resumed.record.corpus.recipe) {
    throw new CliError(
      "BAD_USAGE",
      `--recipe ${flags.recipe} does not go with --resume: the run's text was cleaned by the recipe ${resumed.record.corpus.recipe}; leave --recipe out, or start a new run`,
    );
  }
  const recipe = flags.recipe ?? recorded ?? (flags.preset === "notebook" ? "notebook" : "auto");
  const items = resumed ? resumed.record.settings.items : flags.items;
  const cleaning = { ...(resumed ? recordedCleaning(resumed.record) : {}), ...cleaningOf(flags) };
  const text =
    books.length === 0 && resumed
      ? await openRecordedText(io, resumed.record, {
          ...{ recipe, flags, items },
          command: (...words) => commandLine(io, "train", ...words, "--resume", flags.resume!),
        })
      : await openTexts(io, books, { ...flags, ...cleaning, items, recipe });
  const further = await furtherOf(io, text, { flags, resumed });
  const { ids, vocabulary } = further ?? text;
  const settings = checkSettings(
    resumed ? settingsFrom(resumed.record.settings, flags) : fittedSettings(flags, ids, further?.checkpoint),
  );
  const { window, stride } = settings;
  const parts =
    items === undefined
      ? `${ids.length > window ? countWindows(ids.length, { window, stride }) : 0} windows of ${window}`
      : `${itemStarts(ids).length - 1} items (each a ${items})`;
  say(
    io,
    `${terminalLine(titleOf(text, items))}: ${ids.length} characters, ${vocabulary.size} distinct, ` +
      `${parts} (recipe ${text.recipe})`,
  );
  if (!resumed && flags.preset !== "notebook") say(io, fitLine(flags.preset, settings));
  const saving = savingFrom(flags, resumed?.record.saving);
  const plan = planOf(text, { settings, preset: flags.preset, cleaning, saving, further });
  if (resumed) checkSameText(resumed.record, plan.record);
  return plan;
}

/** What is known of a training once its text and its settings are. */
export interface PlannedFrom {
  settings: TrainingSettings;
  preset: string;
  /** What was asked of the cleaning beside the recipe. */
  cleaning: CleaningFlags;
  saving: SavingChoices;
  further?: FurtherText | undefined;
}

/**
 * The plan of a training on a text. The ids of several texts, and of items, are moved in place.
 *
 * @throws {TrainingError} where the text is too short for the settings.
 */
export function planOf(text: TrainingText, { settings, preset, cleaning, saving, further }: PlannedFrom): TrainPlan {
  const { ids, vocabulary } = further ?? text;
  const { items, window } = settings;
  const record = {
    ...recordOf(text, preset, settings, cleaning),
    ...(further ? { from: further.record } : {}),
    saving,
  };
  const prompt = items === undefined ? decode(ids.subarray(0, window), vocabulary) : "";
  const { train, heldOut } =
    items === undefined ? splitText(ids, settings.heldOut, text.several?.places) : splitItems(ids, settings.heldOut);
  const { rows } = batchSource(train, settings);
  const metadata = metadataOf(record, prompt);
  return { settings, vocabulary, ids: train, heldOut, rows, record, metadata, model: further?.model };
}

/** The preset as it suits a text of so many characters, and a model that goes on with it, under the flags. */
export function fittedSettings(flags: SettingFlags, ids: Ids, model?: Checkpoint): TrainingSettings {
  const characters = ids.length;
  const preset = presetFor(flags.preset, characters);
  const suited = model ? settingsFurther(model, preset) : preset;
  const fitted = flags.items === undefined ? suited : fitItems(suited, ids);
  // Who names the epochs wants all of them, however long the text.
  const base = flags.epochs === undefined ? fitted : { ...fitted, maxSteps: undefined };
  const settings = settingsFrom({ ...base, warmupSteps: presets[flags.preset].warmupSteps }, flags);
  return flags.warmupSteps === undefined ? fitWarmup(settings, characters) : settings;
}

/** What the preset and the flags make of a text of this size. */
function fitLine(preset: string, { batch, window, units, dropout, epochs, maxSteps }: TrainingSettings): string {
  const length = `${epochs} ${epochs === 1 ? "epoch" : "epochs"}${maxSteps === undefined ? "" : `, at most ${maxSteps.toLocaleString("en")} updates`}`;
  return `preset ${preset}, fitted to the text: batch ${batch} × window ${window}, units ${units.join(",")}, dropout ${dropout}, ${length}`;
}

/** More texts than these are listed in run.json alone: every checkpoint would carry the list. */
const mostListed = 1000;

function metadataOf({ book, corpus, versions }: TrainPlan["record"], prompt: string): TrainPlan["metadata"] {
  const isLong = (corpus.texts?.length ?? 0) > mostListed;
  return { book, corpus: isLong ? { ...corpus, texts: undefined } : corpus, versions, prompt };
}

function recordOf(
  text: TrainingText,
  preset: string,
  settings: TrainingSettings,
  asked: CleaningFlags,
): Omit<RunRecord, "backend"> {
  const { name, title, recipe, sha256, textSha256, ids, vocabulary, several } = text;
  const cleaning = Object.keys(asked).length > 0 ? { cleaning: asked } : {};
  return {
    formatVersion: 1,
    book: name,
    preset,
    settings,
    corpus: {
      ...{ title, recipe, ...cleaning, sha256, textSha256, characters: ids.length, vocabulary: vocabulary.size },
      ...(several && !settings.items ? { separator: textSeparator } : {}),
      ...(several ? { texts: several.texts.map(listed) } : {}),
    },
    versions,
    started: new Date().toISOString(),
  };
}

const listed = ({ name, sha256, characters }: TextFacts) => ({ name, sha256, characters });

function checkSameText({ corpus: saved }: RunRecord, { corpus: given }: Pick<RunRecord, "corpus">): void {
  if (saved.textSha256 === given.textSha256) return;
  const changed = saved.texts && given.texts && changedTexts(saved.texts, given.texts);
  if (changed !== undefined) {
    throw new CliError(
      "CORPUS_CHANGED",
      `the run was trained on other texts (${changed}): give those that the run began with, or start a new run`,
    );
  }
  throw new CliError(
    "CORPUS_CHANGED",
    `the run was trained on another text: its sha256 is ${saved.textSha256} (${saved.characters} characters), ` +
      `this one's is ${given.textSha256} (${given.characters} characters): ` +
      "give the book that the run began with, or start a new run",
  );
}
