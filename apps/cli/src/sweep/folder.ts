// The folder of a sweep: what it is, what its trials came to, and the run of each.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PresetName, TrainingSettings } from "@charlstm/training";
import { CliError } from "../errors.js";
import { marks } from "../files/marks.js";
import { appendOwnFile, writeOwnFile } from "../files/own-files.js";
import type { RunRecord } from "../run/folder.js";
import { type Assignment, rungsOf, type Turn } from "./schedule.js";
import type { Values } from "./space.js";

/** What `sweep.json` holds: all it takes to go on. */
export interface SweepRecord {
  formatVersion: 1;
  trials: readonly Trial[];
  texts: readonly SweptText[];
  preset: PresetName;
  seed: number;
  halving: boolean;
  /** Threads of each trial, which decide its bits. */
  threads: number;
  /** Its name in a queue, and the store of its runs where that is not Redis; missing for a sweep of one process. */
  queue?: { name: string; store?: string | undefined };
  versions: Readonly<Record<string, string>>;
  started: string;
}

/** A text that trials train on, as a run's record has it. */
export type SweptText = Pick<RunRecord, "book" | "corpus">;

export interface Trial {
  /** From 1. */
  id: number;
  /** Its text's place in `texts`. */
  text: number;
  /** What it was given of the search space. */
  values: Values;
  settings: TrainingSettings;
}

/** A line of `sweep.jsonl`: what a trial had come to after so many epochs. */
export interface TrialResult extends Assignment {
  /** The lowest so far, in nats per character: on held-out text where there is some. Missing where it failed. */
  loss?: number;
  isHeldOut?: boolean;
  /** The epoch of that loss. */
  best?: number;
  /** Time in updates. */
  seconds?: number;
  error?: { code?: string; message: string };
}

/** The files of one sweep; every path in one place. */
export const sweepPaths = (folder: string) => ({
  record: join(folder, "sweep.json"),
  results: join(folder, "sweep.jsonl"),
  page: join(folder, "sweep.html"),
});

/** The folder of a trial's run. */
export function trialFolder(folder: string, trial: number): string {
  return join(folder, trialName(trial));
}

export function trialName(trial: number): string {
  return `trial-${String(trial).padStart(2, "0")}`;
}

export async function writeSweepRecord(folder: string, record: SweepRecord): Promise<void> {
  await writeOwnFile(sweepPaths(folder).record, `${JSON.stringify(record, null, 1)}\n`, marks.sweep);
}

/** @throws {CliError} `NO_RUN` where there is no sweep, or not one that this version knows. */
export async function readSweepRecord(folder: string): Promise<SweepRecord> {
  const { record: file } = sweepPaths(folder);
  if (!existsSync(file))
    throw new CliError(
      "NO_RUN",
      `${folder} holds no sweep (there is no sweep.json): name the folder that sweep printed`,
    );
  try {
    const record = JSON.parse(await readFile(file, "utf8")) as SweepRecord;
    if (record.formatVersion === 1 && Array.isArray(record.trials) && Array.isArray(record.texts)) return record;
  } catch {
    // The same as a file that holds something else.
  }
  throw new CliError("NO_RUN", `${file} is not the record of a sweep: name the folder that sweep printed`);
}

/** Adds a result; what a crash has left of a line before it stays a line of its own. */
export async function appendResult(folder: string, result: TrialResult): Promise<void> {
  await appendOwnFile(sweepPaths(folder).results, `${JSON.stringify(result)}\n`);
}

/** The results so far, each trial once at each number of epochs: the first that was written. */
export async function readResults(folder: string): Promise<TrialResult[]> {
  const { results: file } = sweepPaths(folder);
  if (!existsSync(file)) return [];
  const text = await readFile(file, "utf8");
  // Whatever comes next begins a line.
  if (text !== "" && !text.endsWith("\n")) await appendOwnFile(file, "\n");
  const results = new Map<string, TrialResult>();
  for (const line of text.split("\n")) {
    const result = parseResult(line);
    const key = result && `${result.trial} ${result.epochs}`;
    if (result && !results.has(key!)) results.set(key!, result);
  }
  return [...results.values()];
}

function parseResult(line: string): TrialResult | undefined {
  try {
    const result = JSON.parse(line) as TrialResult;
    return Number.isSafeInteger(result.trial) && Number.isSafeInteger(result.epochs) ? result : undefined;
  } catch {
    return undefined; // half a line
  }
}

/** The trials as the schedule takes them. */
export function turnsOf({ trials, halving }: SweepRecord): Turn[] {
  return trials.map(({ id, text, settings: { epochs } }) => ({
    id,
    group: text,
    rungs: halving ? rungsOf(epochs) : [epochs],
  }));
}
