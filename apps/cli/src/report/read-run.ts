import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type RunBaselines, readRunRecord, runPaths } from "../run/folder.js";
import { readMetrics } from "./read-metrics.js";
import { readSamples } from "./read-samples.js";
import type { RunReport } from "./report-data.js";
import { corpusFacts, countParameters, machineFacts, settingFacts } from "./run-facts.js";

/**
 * Reads what a run has written so far.
 *
 * @throws {CliError} `NO_RUN` when there is no run in the folder or its record is not one.
 */
export async function readRun(folder: string, name = basename(folder)): Promise<RunReport> {
  const record = await readRunRecord(folder);
  const paths = runPaths(folder);
  const metrics = await readMetrics(paths.metrics);
  const written = await readSamples(paths.samples);
  const baselines = await readBaselines(paths.baselines);
  return {
    name,
    started: String(record.started ?? ""),
    epochs: metrics.epochs,
    samples: written.samples,
    ...(baselines.value && { baselines: baselines.value }),
    settings: settingFacts(record.preset, record.settings as unknown as Readonly<Record<string, unknown>>),
    corpus: corpusFacts(record, countParameters(record.settings.units, record.corpus.vocabulary)),
    machine: machineFacts(record),
    notes: [...metrics.notes, ...written.notes, ...baselines.notes],
  };
}

/** Names that tell runs apart: the folder's, with its parent's where two are the same. */
export function runNames(folders: readonly string[]): string[] {
  const whole = folders.map((folder) => resolve(folder));
  const names = whole.map((folder) => basename(folder));
  return names.map((name, index) => {
    if (names.filter((other) => other === name).length === 1) return name;
    const longer = `${basename(dirname(whole[index]!))}/${name}`;
    return whole.filter((folder) => folder.replaceAll("\\", "/").endsWith(`/${longer}`)).length === 1
      ? longer
      : `${longer} (${index + 1})`;
  });
}

async function readBaselines(file: string): Promise<{ value?: RunBaselines; notes: string[] }> {
  if (!existsSync(file)) return { notes: [] };
  try {
    const value = JSON.parse(await readFile(file, "utf8")) as RunBaselines;
    const isWhole =
      Number.isFinite(value.heldOutCharacters) &&
      value.baselines.every(({ name, loss }) => typeof name === "string" && Number.isFinite(loss));
    if (isWhole) return { value, notes: [] };
  } catch {
    // The same as a file that holds something else.
  }
  return { notes: ["baselines.json does not hold baselines and is left out."] };
}
