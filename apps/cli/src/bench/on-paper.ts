// What more cores than this machine has would give, from what can be measured on two: one thread's step by the rows it holds, and
// what sharing costs.
import { type Build, isNativeBuild } from "@charlstm/engine";
import { measureBarrier } from "@charlstm/engine/benchmark";
import { time } from "../backends/time.js";
import { openEngine } from "./steps.js";
import { interleave, type Turns } from "./timing.js";
import { batchOf, learningRate, type StepWork, type WorkName } from "./works.js";

/** Rows that a thread of the native engine has at least. */
const TILE_ROWS = 4;
/** A step has three, and its start and end together are about one more. */
const BARRIERS = 4;

export const paperThreads = [1, 2, 4, 8, 16] as const;

/** Milliseconds, each the fastest of its kind: differences of disturbed times would mean nothing. */
export interface StepCosts {
  /** One thread's step by the rows it holds. */
  byRows: ReadonlyMap<number, number>;
  /** A step on hardly any characters, with one thread and with two: the update, and what sharing it costs. */
  update: number;
  sharedUpdate: number;
  /** One barrier between two threads. */
  barrier: number;
}

interface PaperRow {
  work: WorkName;
  /** By threads as in `paperThreads`; more threads than shares of four rows change nothing. */
  milliseconds: number[];
  /** Measured, beside the second of them. */
  measuredMs: number;
}

export interface Paper {
  build: Build;
  /** Nanoseconds of one barrier between two threads. */
  barrierNs: number;
  costs: { work: WorkName; updateMs: number; sharedUpdateMs: number }[];
  rows: PaperRow[];
}

/** The most rows that one of so many threads holds. */
export function rowsOfThread(rows: number, threads: number): number {
  return Math.min(rows, Math.ceil(Math.ceil(rows / TILE_ROWS) / threads) * TILE_ROWS);
}

/**
 * T(n) = P(r) - u + u / n + 2 (n - 1) / n · s + 4 b (n / 2 - 1): the pass over r rows, the update shared by n, what sharing it costs
 * (s = u₂ - u / 2; each thread reads (n - 1) / n of a gradient from other cores, at two threads one half), and barriers that grow
 * with the threads.
 */
export function onPaper({ byRows, update, sharedUpdate, barrier }: StepCosts, rows: number, threads: number): number {
  const n = Math.min(threads, Math.ceil(rows / TILE_ROWS));
  const pass = byRows.get(rowsOfThread(rows, n))! - update;
  if (n === 1) return pass + update;
  const sharing = Math.max(0, sharedUpdate - update / 2);
  return pass + update / n + ((2 * (n - 1)) / n) * sharing + BARRIERS * barrier * (n / 2 - 1);
}

/** Measures works with one of the engine's native builds; undefined for another build, or on one core. */
export async function measureOnPaper(
  build: Build,
  works: readonly StepWork[],
  rounds: number,
  signal: AbortSignal,
): Promise<Paper | undefined> {
  if (!isNativeBuild(build)) return undefined;
  const barrierNs = measureBarrier(2);
  const paper: Paper = { build, barrierNs, costs: [], rows: [] };
  for (const work of works) {
    const counts = [...new Set(paperThreads.map((threads) => rowsOfThread(work.rows, threads)))];
    const small = { ...work, length: 1 };
    const steps = await Promise.all([
      ...counts.map((rows) => prepare({ ...work, rows }, build, 1)),
      prepare({ ...small, rows: TILE_ROWS }, build, 1),
      prepare({ ...small, rows: 2 * TILE_ROWS }, build, 2),
      prepare(work, build, 2),
    ]);
    const turns = steps.map(({ step }): Turns => ({ rounds, isQuick: true, play: () => time(step) }));
    const times = (await interleave(turns, signal)).map((all) => Math.min(...all));
    for (const { dispose } of steps) await dispose();
    const [update, sharedUpdate, measuredMs] = times.slice(counts.length) as [number, number, number];
    const costs = {
      byRows: new Map(counts.map((rows, index) => [rows, times[index]!])),
      ...{ update, sharedUpdate, barrier: barrierNs / 1e6 },
    };
    paper.costs.push({ work: work.name, updateMs: update, sharedUpdateMs: sharedUpdate });
    const milliseconds = paperThreads.map((threads) => onPaper(costs, work.rows, threads));
    paper.rows.push({ work: work.name, milliseconds, measuredMs });
  }
  return paper;
}

async function prepare(work: StepWork, build: Build, threads: number) {
  const engine = await openEngine(work, build, threads, work.architecture.dropout);
  const batch = batchOf(work);
  return { step: () => engine.trainBatch(batch, learningRate), dispose: () => engine.dispose() };
}
