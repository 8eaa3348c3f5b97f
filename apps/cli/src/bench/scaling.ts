// Does the time of a step grow as its work does: linearly in N, in T and in 4H(H + V)?
import { createEngine } from "@charlstm/engine";
import { initialWeights } from "@charlstm/model/checkpoint";
import { time } from "../backends/time.js";
import { operationsOf } from "./compare.js";
import { interleave, median, spread, type Turns } from "./timing.js";
import { batchOf, learningRate, type StepWork, works } from "./works.js";

export interface ScalingRow {
  /** What varies. */
  varied: "rows" | "length" | "units";
  rows: number;
  length: number;
  units: number;
  medianMs: number;
  spreadMs: number;
  /** Picoseconds for each of the N · T · 4H(H + V) weights that the step passes: constant when the cost is linear. */
  picosecondsPerWeight: number;
  gigaflops: number;
}

const notebook = works["notebook-step"] as StepWork;
/** Shorter windows where the layers are wide, so that the widest step stays below some seconds. */
const shortLength = 15;

const tables: readonly { varied: ScalingRow["varied"]; works: readonly StepWork[] }[] = [
  { varied: "rows", works: [16, 32, 64, 128, 256, 512].map((rows) => ({ ...notebook, rows })) },
  { varied: "length", works: [15, 30, 60, 120, 240].map((length) => ({ ...notebook, length })) },
  {
    varied: "units",
    works: [64, 128, 256, 512, 1024].map((units) => ({
      ...notebook,
      length: shortLength,
      architecture: { ...notebook.architecture, units: [units] },
    })),
  },
];

/** Times steps of many shapes, those of a table in turns. */
export async function measureScaling(rounds: number, signal: AbortSignal): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = [];
  for (const { varied, works } of tables) {
    const engines = await Promise.all(works.map(prepare));
    try {
      const turns = engines.map(({ step }): Turns => ({ rounds, isQuick: true, play: () => time(step) }));
      const times = await interleave(turns, signal);
      rows.push(...works.map((work, index) => rowOf(varied, work, times[index]!)));
    } finally {
      for (const { dispose } of engines) await dispose();
    }
  }
  return rows;
}

async function prepare(work: StepWork) {
  const { architecture, objective, rows, length } = work;
  const { vocabularySize, units } = architecture;
  const engine = await createEngine({ vocabularySize, units, objective, rows, length });
  engine.writeWeights(initialWeights(architecture, { seed: 1 }));
  const batch = batchOf(work);
  return { step: () => engine.trainBatch(batch, learningRate), dispose: () => engine.dispose() };
}

function rowOf(varied: ScalingRow["varied"], work: StepWork, times: readonly number[]): ScalingRow {
  const { architecture, rows, length } = work;
  const units = architecture.units[0]!;
  const medianMs = median(times);
  const weights = rows * length * 4 * units * (units + architecture.vocabularySize);
  return {
    ...{ varied, rows, length, units, medianMs, spreadMs: spread(times) },
    picosecondsPerWeight: (1e9 * medianMs) / weights,
    gigaflops: operationsOf(work) / medianMs / 1e6,
  };
}
