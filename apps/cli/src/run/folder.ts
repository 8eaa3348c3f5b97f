import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recipe } from "@charlstm/corpus";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import type { EpochMetrics, Sample, TrainingSettings } from "@charlstm/training";
import { CliError } from "../errors.js";
import { marks } from "../files/marks.js";
import { appendOwnFile, writeOwnFile } from "../files/own-files.js";
import type { CleaningFlags } from "../texts/book-flags.js";

/** Which of a run's models is meant. */
export type ModelChoice = "best" | "last";

/** What `run.json` holds: enough to say what a run was, and to go on with it. */
export interface RunRecord {
  formatVersion: 1;
  /** An id, an absolute path, a URL or `-`; of several texts a list of these, with folders and patterns; `null` for the novel that comes with the program. */
  book: string | readonly string[] | null;
  preset: string;
  settings: TrainingSettings;
  /** What it keeps and writes, as the flags of these names said; a resumed run goes on with it. */
  saving?: SavingChoices;
  corpus: {
    title?: string | undefined;
    /** `none` for a file that was too large for more than its header and licence to be cut. */
    recipe: Recipe | "none";
    /** What was asked of the cleaning beside the recipe. */
    cleaning?: CleaningFlags | undefined;
    /** Of the bytes that were read (of several texts: of their sha256s, one a line), and of the text that trains, in UTF-8. */
    sha256: string;
    textSha256: string;
    characters: number;
    vocabulary: number;
    /** What stands between several texts, and each of them in order: its name as `book` has it, and the sha256 of its bytes. */
    separator?: string | undefined;
    texts?: readonly { name: string; sha256: string; characters: number }[] | undefined;
  };
  /** The model that learns further, where `--from` named one: its path, the characters of both, and those that were new to it. */
  from?: { model: string; characters: readonly string[]; added: readonly string[] } | undefined;
  /** Which backend, with what decides its rounding: threads and build. */
  backend: { name: string; threads?: number; build?: string };
  versions: Readonly<Record<string, string>>;
  started: string;
}

/** What of a run is saved, and how often. */
export interface SavingChoices {
  keep?: number;
  checkpointMinutes?: number;
  tensorboard?: boolean;
  use?: ModelChoice;
}

/** The files of one run; every path in one place. */
export const runPaths = (folder: string) => ({
  record: join(folder, "run.json"),
  metrics: join(folder, "metrics.jsonl"),
  samples: join(folder, "generated_text"),
  checkpoints: join(folder, "checkpoints"),
  model: join(folder, "model"),
  kerasModel: join(folder, "char_lstm_model.h5"),
  tensorboard: join(folder, "tensorboard"),
  baselines: join(folder, "baselines.json"),
  lossPlot: join(folder, "loss.svg"),
  lossPicture: join(folder, "loss.png"),
  report: join(folder, "report.html"),
});

/** Writes `run.json`, or replaces it: a run that goes on may have other settings. */
export async function writeRunRecord(folder: string, record: RunRecord): Promise<void> {
  await writeOwnFile(runPaths(folder).record, `${JSON.stringify(record, null, 2)}\n`, marks.record);
}

/** @throws {CliError} `NO_RUN` when there is no run in the folder, or its record is not one that this version knows. */
export async function readRunRecord(folder: string): Promise<RunRecord> {
  const { record } = runPaths(folder);
  if (!existsSync(record))
    throw new CliError("NO_RUN", `${folder} holds no run (there is no run.json): name the folder that train printed`);
  try {
    return checkRecord(JSON.parse(await readFile(record, "utf8")), record);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError("NO_RUN", `${record} is not readable as JSON: ${(cause as Error).message}`, { cause });
  }
}

function checkRecord(record: RunRecord, file: string): RunRecord {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const missing = !isObject(record)
    ? "an object"
    : record.formatVersion !== 1
      ? `formatVersion 1 (it has ${JSON.stringify(record.formatVersion)})`
      : (["settings", "corpus"] as const).find((key) => !isObject(record[key]));
  if (missing === undefined) return record;
  throw new CliError(
    "NO_RUN",
    `${file} is not a run's record, it lacks ${missing}: name the folder that train printed`,
  );
}

/** Refuses a run that goes on elsewhere. @throws {CliError} `HANDED_OVER`. */
export function refuseHandedOver(folder: string, { backend }: RunRecord): void {
  if (backend?.name !== "pytorch") return;
  throw new CliError(
    "HANDED_OVER",
    `${folder} was handed over to PyTorch: python train.py in it goes on; ` +
      `import ${join(folder, "model.safetensors")} to write with its best epoch, or to learn further here`,
  );
}

/**
 * Replaces the metrics: what a resumed run had written after its checkpoint is written again. Epochs before the last of `history` that
 * it lacks stay as they are: a checkpoint keeps the figures of the newest thousand.
 */
export async function writeMetrics(folder: string, history: readonly EpochMetrics[]): Promise<void> {
  const { metrics: file } = runPaths(folder);
  const lines = new Map<number, string>();
  if (history.length < (history.at(-1)?.epoch ?? 0) && existsSync(file)) {
    for (const line of (await readFile(file, "utf8")).split("\n")) {
      const epoch = epochOf(line);
      if (epoch !== undefined && epoch < history.at(-1)!.epoch) lines.set(epoch, line);
    }
  }
  for (const metrics of history) lines.set(metrics.epoch, JSON.stringify(metrics));
  const inOrder = [...lines].sort(([epoch], [other]) => epoch - other).map(([, line]) => `${line}\n`);
  await writeOwnFile(file, inOrder.join(""), marks.metrics);
}

/** The epoch of a line of `metrics.jsonl`; `undefined` where a kill left half of one. */
function epochOf(line: string): number | undefined {
  try {
    return JSON.parse(line).epoch;
  } catch {
    return undefined;
  }
}

export async function appendMetrics(folder: string, metrics: EpochMetrics): Promise<void> {
  await appendOwnFile(runPaths(folder).metrics, `${JSON.stringify(metrics)}\n`);
}

/** What simpler models make of a run's held-out text. */
export interface RunBaselines {
  heldOutCharacters: number;
  /** Losses in nats per character. */
  baselines: readonly { name: string; loss: number }[];
}

export async function writeBaselines(folder: string, baselines: RunBaselines): Promise<void> {
  await writeOwnFile(runPaths(folder).baselines, `${JSON.stringify(baselines)}\n`, marks.baselines);
}

/** Writes the samples of an epoch in the notebook's layout. */
export async function writeSampleFile(
  folder: string,
  epoch: number,
  prompt: string,
  samples: readonly Sample[],
): Promise<string> {
  const file = join(runPaths(folder).samples, `epoch_${String(epoch).padStart(2, "0")}.txt`);
  const blocks = samples.map(({ temperature, text }) => `${temperatureBlockHead(temperature)}${prompt}${text}\n`);
  await writeOwnFile(file, `Epoch: ${epoch}\nGenerating with seed:\n${prompt}\n${blocks.join("")}`, marks.samples);
  return file;
}

/** What the notebook prints over a text: a line of dashes and the temperature. */
export function temperatureBlockHead(temperature: number): string {
  const shown = Number.isInteger(temperature) ? temperature.toFixed(1) : String(temperature);
  return `${"-".repeat(50)}\nTemperature: ${shown}\n`;
}

/** A run to go on with. */
export interface ResumedRun {
  folder: string;
  record: RunRecord;
  /** Missing when the run was stopped before its first one. */
  checkpoint?: Checkpoint;
}
