// What the trials came to, the best first.
import type { SweepRecord, Trial, TrialResult } from "./folder.js";
import { trialName } from "./folder.js";
import { type Values, type Varied, valueText, wordsOf } from "./space.js";

export interface Ranked {
  trial: Trial;
  /** Of the highest rung that it reached; missing where it has not begun. */
  result: TrialResult | undefined;
}

/** Trials by text, and of one text by their loss; those that failed, then those that have not begun, come last. */
export function rank({ trials }: SweepRecord, results: readonly TrialResult[]): Ranked[] {
  const furthest = new Map<number, TrialResult>();
  for (const result of results) {
    const other = furthest.get(result.trial);
    if (!other || other.epochs < result.epochs) furthest.set(result.trial, result);
  }
  const order = ({ result }: Ranked) => (result ? (result.error ? 1 : 0) : 2);
  return trials
    .map((trial) => ({ trial, result: furthest.get(trial.id) }))
    .sort(
      (one, other) =>
        one.trial.text - other.trial.text ||
        order(one) - order(other) ||
        (one.result?.loss ?? 0) - (other.result?.loss ?? 0) ||
        one.trial.id - other.trial.id,
    );
}

/** The best trial of each text; none for a text whose trials have all failed. */
export function bestOf(ranked: readonly Ranked[]): (Ranked & { result: TrialResult })[] {
  const best = new Map<number, Ranked & { result: TrialResult }>();
  for (const { trial, result } of ranked) {
    if (result?.loss != null && !best.has(trial.text)) best.set(trial.text, { trial, result });
  }
  return [...best.values()];
}

/** The settings in which trials differ. */
export function variedIn(trials: readonly Trial[]): Varied[] {
  const names = new Set(trials.flatMap(({ values }) => Object.keys(values) as Varied[]));
  const differs = (name: Varied) => new Set(trials.map(({ values }) => JSON.stringify(values[name]))).size > 1;
  return [...names].filter(differs);
}

/** Rows that a terminal gets. */
const mostRows = 40;

/** The trials as lines; text names stand before the trials of each text where there are several. */
export function rankingTable(record: SweepRecord, ranked: readonly Ranked[], names: readonly string[]): string {
  const varied = variedIn(record.trials);
  const head = ["trial", lossName(ranked), "bits/char", "at epoch", "epochs", ...varied.map(wordsOf), "seconds"];
  const rows = ranked.slice(0, mostRows).map(({ trial, result }) => ({ trial, cells: cellsOf(trial, result, varied) }));
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map(({ cells }) => cells[column]!.length)));
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padStart(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const lines = [lineOf(head)];
  let text: number | undefined;
  for (const { trial, cells } of rows) {
    if (trial.text !== text && record.texts.length > 1) lines.push(`${names[trial.text]}:`);
    text = trial.text;
    lines.push(lineOf(cells));
  }
  const more = ranked.length - rows.length;
  return [...lines, ...(more > 0 ? [`and ${more} more, which --json lists`] : [])].join("\n");
}

const lossName = (ranked: readonly Ranked[]) =>
  ranked.some(({ result }) => result?.isHeldOut) || ranked.every(({ result }) => !result?.loss) ? "held out" : "loss";

function cellsOf(trial: Trial, result: TrialResult | undefined, varied: readonly (keyof Values)[]): string[] {
  const { loss, best, epochs, seconds, error } = result ?? {};
  const reached = epochs === undefined ? "–" : `${epochs}/${trial.settings.epochs}`;
  return [
    trialName(trial.id),
    loss == null ? (error ? "failed" : "–") : loss.toFixed(4),
    loss == null ? "" : (loss / Math.LN2).toFixed(4),
    best === undefined ? "" : String(best),
    reached,
    ...varied.map((name) => valueText(trial.values[name])),
    seconds === undefined ? "" : seconds.toFixed(1),
    ...(error ? [`${error.message}${error.code ? ` [${error.code}]` : ""}`] : []),
  ];
}
