import type { PresetName } from "@charlstm/training";
import type { SweepRecord, Trial, TrialResult } from "../sweep/folder.js";
import type { Assignment } from "../sweep/schedule.js";
import { versions } from "../versions.js";
import { prefix } from "./connect.js";

/** A trial as it waits in the queue. */
export interface TrialJob extends Assignment {
  /** Which sweep's, by its name in the queue. */
  sweep: string;
  version: string;
  settings: Trial["settings"];
  values: Trial["values"];
  preset: PresetName;
  threads: number;
  /** The sha256 of its text in the store, and how long it is. */
  text: string;
  characters: number;
}

/** What a worker gives back; `abandoned` where nobody wants it any more. */
export type JobResult = (TrialResult & { build?: string; worker: string }) | { abandoned: true };

/** Sweeps whose trials are wanted, with the texts that they need. */
export const sweepsKey = `${prefix}:sweeps`;

/** A job's name: the same turn of the same trial is one job, however often it is given out. */
export function jobId(sweep: string, { trial, epochs }: Assignment): string {
  return `${sweep}_${trial}_${epochs}`;
}

/** Whether a job's name is one that {@link jobId} gives the trials of a sweep. */
export function isOfSweep(id: string, sweep: string): boolean {
  return id.startsWith(`${sweep}_`) && /^\d+_\d+$/.test(id.slice(sweep.length + 1));
}

/** Where a trial's run lies in a store. */
export function runName(sweep: string, trial: number): string {
  return `run/${sweep}/${trial}`;
}

/** BullMQ's most distant turn but one: its priorities end at 2 ** 21. */
const later = 1000;

/** A job as BullMQ takes it: promotions come before trials that have not begun, the highest first, and these in their order. */
export function jobFor(record: SweepRecord, texts: readonly string[], assignment: Assignment, rung: number) {
  const { trial, epochs } = assignment;
  const { settings, values, text } = record.trials[trial - 1]!;
  const sweep = record.queue!.name;
  const data: TrialJob = {
    ...{ sweep, trial, epochs, settings, values, text: texts[text]! },
    characters: record.texts[text]!.corpus.characters,
    ...{ version: versions.charlstm!, preset: record.preset, threads: record.threads },
  };
  return { name: "trial", data, opts: { jobId: jobId(sweep, assignment), priority: later - rung } };
}
