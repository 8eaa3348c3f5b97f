// From a batch of ids to the tasks of the threads.
import type { Masks } from "./dropout.js";
import { EngineError } from "./errors.js";
import type { Settings } from "./options.js";
import type { Plan, ThreadPlan } from "./plan.js";
import { layerStruct, PANEL, taskStruct } from "./structs.js";
import type { Batch } from "./types.js";

/** @throws {EngineError} `BAD_BATCH`. */
export function checkBatch(settings: Settings, { inputs, targets, rows, length, lengths }: Batch): void {
  const { objective, vocabularySize } = settings;
  const bad = (message: string, details: Record<string, unknown>) => new EngineError("BAD_BATCH", message, details);
  for (const [name, value, most] of [
    ["rows", rows, settings.rows],
    ["length", length, settings.length],
  ] as const) {
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw bad(`a batch of ${rows} rows of ${length} characters does not fit: ${name} must be 1 to ${most}`, {
        rows,
        length,
        [`most${name}`]: most,
      });
    }
  }
  const expected = objective === "sequence" ? rows * length : rows;
  if (inputs.length !== rows * length || targets.length !== expected) {
    throw bad(
      `got ${inputs.length} inputs and ${targets.length} targets, a batch of ${rows} rows of ${length} characters ` +
        `has ${rows * length} and ${expected} with the ${objective} objective`,
      { inputs: inputs.length, targets: targets.length, rows, length },
    );
  }
  if (lengths !== undefined) {
    const counts = Array.from(lengths);
    const isGood = (count: number) => Number.isInteger(count) && count >= 0 && count <= length;
    if (objective !== "sequence" || counts.length !== rows || !counts.every(isGood) || !counts.some(Boolean)) {
      throw bad(
        `lengths are [${counts.join(", ")}], sequences of ${rows} rows of ${length} characters have ${rows} whole numbers from 0 to ` +
          `${length}, not all 0, and windows none`,
        { lengths: counts, rows, length },
      );
    }
  }
  for (const [name, ids] of Object.entries({ inputs, targets })) {
    for (let index = 0; index < ids.length; index++) {
      if (!(ids[index]! >= 0 && ids[index]! < vocabularySize)) {
        throw bad(
          `id ${ids[index]} at ${name}[${index}] is outside the vocabulary of ${vocabularySize}: encode the text with ` +
            "the model's own vocabulary",
          { id: ids[index], index, vocabularySize },
        );
      }
    }
  }
}

/** Characters of a batch that are predicted. */
export function countPredictions(objective: Settings["objective"], { rows, length, lengths }: Batch): number {
  if (objective === "window") return rows;
  return lengths ? Array.from(lengths).reduce((sum, count) => sum + count, 0) : rows * length;
}

/** The panels of a batch that a thread takes: as even as can be, and in a small batch none for the last threads. */
function share(rows: number, threads: number, thread: number): { first: number; panels: number } {
  const total = Math.ceil(rows / PANEL);
  const least = Math.floor(total / threads);
  const extra = total % threads;
  return { first: thread * least + Math.min(thread, extra), panels: least + (thread < extra ? 1 : 0) };
}

export type BatchCall = {
  batch: Batch;
  /** Whether it goes on from the carried state, and leaves its own there. */
  isCarried: boolean;
  masks: Masks | undefined;
};

/** Writes a checked batch into the tasks of all threads. */
export function writeBatch(buffer: ArrayBufferLike, settings: Settings, plan: Plan, call: BatchCall): void {
  const { rows, length } = call.batch;
  const isSequence = settings.objective === "sequence";
  const predictions = countPredictions(settings.objective, call.batch);
  const { masks } = call;
  for (const [index, thread] of plan.threads.entries()) {
    const { first, panels } = share(rows, plan.threads.length, index);
    writeIds(buffer, thread, call.batch, isSequence, first, panels);
    taskStruct.write(buffer, thread.task, {
      panels,
      length,
      firstRow: first * PANEL,
      batchRows: rows,
      scale: 1 / predictions,
      dropoutThreshold: masks?.threshold ?? 0,
      dropoutScale: masks?.scale ?? 1,
    });
    for (const [layer, { units, hidden, dropped }] of thread.layerPlans.entries()) {
      const panelBytes = units * PANEL * 4;
      const state = call.isCarried ? plan.states[layer] : undefined;
      layerStruct.write(buffer, thread.layers + layer * layerStruct.bytes, {
        output: masks ? dropped : hidden + panels * panelBytes,
        stateHidden: state ? state.hidden + first * panelBytes : 0,
        stateCells: state ? state.cells + first * panelBytes : 0,
        dropoutKey: masks?.keys[layer] ?? 0,
      });
    }
  }
}

function writeIds(
  buffer: ArrayBufferLike,
  thread: ThreadPlan,
  { inputs, targets, rows, length, lengths }: Batch,
  isSequence: boolean,
  first: number,
  panels: number,
): void {
  const height = panels * PANEL;
  const start = first * PANEL;
  const ids = new Int32Array(buffer, thread.ids, length * height);
  const wanted = new Int32Array(buffer, thread.targets, isSequence ? length * height : height);
  const used = Math.max(0, Math.min(height, rows - start));
  if (used < height) {
    ids.fill(0);
    wanted.fill(-1);
  }
  for (let row = 0; row < used; row++) {
    const from = (start + row) * length;
    for (let time = 0; time < length; time++) ids[time * height + row] = inputs[from + time]!;
    if (!isSequence) {
      wanted[row] = targets[start + row]!;
      continue;
    }
    const counted = lengths ? lengths[start + row]! : length;
    for (let time = 0; time < length; time++) wanted[time * height + row] = time < counted ? targets[from + time]! : -1;
  }
}
