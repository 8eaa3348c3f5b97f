import { unknownId } from "./encode.js";
import { VectorizeError } from "./errors.js";
import { type Ids, sameIdArray } from "./ids.js";
import { checkWhole } from "./options.js";
import { planWindowBatches, type WindowBatchOptions, type WindowBatchPlan } from "./window-batches.js";

/** How windows become one-hot batches. */
export interface OneHotBatchOptions extends WindowBatchOptions {
  /** Characters of the vocabulary, V; every id is below it. */
  vocabularySize: number;
  /** Type of the elements: what TensorFlow.js trains on, or a quarter of the memory. Default `"float32"`. */
  type?: "float32" | "uint8";
}

/** Windows as one-hot vectors: 1 at the character's id, 0 elsewhere. */
export interface OneHotBatch<Values extends Float32Array | Uint8Array = Float32Array> {
  /** Shape `[rows, length, vocabularySize]`. */
  x: Values;
  /** Shape `[rows, vocabularySize]`: the character after each window. */
  y: Values;
  rows: number;
  /** The window. */
  length: number;
}

/**
 * One epoch of windows as one-hot vectors, in the order of `windowBatches` with the same options.
 *
 * Only the ones are written, and with `reuse` only they are cleared, so a batch costs its characters, not its numbers.
 *
 * @throws {VectorizeError} `TEXT_TOO_SHORT`, `BAD_OPTION` at once; `UNKNOWN_ID` at the batch that has it.
 */
export function oneHotBatches(
  ids: Ids,
  options: OneHotBatchOptions & { type?: "float32" },
): Generator<OneHotBatch, void, undefined>;
export function oneHotBatches(
  ids: Ids,
  options: OneHotBatchOptions & { type: "uint8" },
): Generator<OneHotBatch<Uint8Array>, void, undefined>;
export function oneHotBatches(
  ids: Ids,
  { vocabularySize, type = "float32", ...options }: OneHotBatchOptions,
): Generator<OneHotBatch<Float32Array | Uint8Array>, void, undefined> {
  checkWhole("vocabularySize", vocabularySize, 1);
  if (type !== "float32" && type !== "uint8") {
    throw new VectorizeError("BAD_OPTION", `type is ${JSON.stringify(type)}, expected "float32" or "uint8"`, {
      name: "type",
      given: type,
    });
  }
  const plan = planWindowBatches(ids.length, options);
  return type === "uint8"
    ? eachBatch(ids, plan, vocabularySize, (length) => new Uint8Array(length))
    : eachBatch(ids, plan, vocabularySize, (length) => new Float32Array(length));
}

function* eachBatch<Values extends Float32Array | Uint8Array>(
  ids: Ids,
  plan: WindowBatchPlan,
  vocabularySize: number,
  makeArray: (length: number) => Values,
): Generator<OneHotBatch<Values>, void, undefined> {
  const { windows, batches, window, batch, from, reuse, startAt } = plan;
  const widest = Math.min(batch, windows);
  const ones: Ones = { inputs: sameIdArray(ids, widest * window), targets: sameIdArray(ids, widest) };
  let x = makeArray(reuse ? widest * window * vocabularySize : 0);
  let y = makeArray(reuse ? widest * vocabularySize : 0);
  for (let index = from; index < batches; index++) {
    const first = index * batch;
    const rows = Math.min(batch, windows - first);
    if (!reuse) {
      x = makeArray(rows * window * vocabularySize);
      y = makeArray(rows * vocabularySize);
    }
    for (let row = 0; row < rows; row++) {
      moveOnes({ x, y }, ones, row, ids, startAt(first + row), window, vocabularySize);
    }
    yield {
      x: x.subarray(0, rows * window * vocabularySize) as Values,
      y: y.subarray(0, rows * vocabularySize) as Values,
      rows,
      length: window,
    };
  }
}

/** The ids that a batch's ones stand for, so that the next batch in the same arrays clears them and nothing else. */
interface Ones {
  /** Shape `[rows, window]`. */
  inputs: Ids;
  /** Shape `[rows]`. */
  targets: Ids;
}

/**
 * Writes a row: the window at `start`, and the character after it. The old ones are cleared and the new ones set in the same
 * loop, while their cache line is at hand. In new arrays the clearing writes zeros over zeros.
 */
function moveOnes(
  { x, y }: { x: Float32Array | Uint8Array; y: Float32Array | Uint8Array },
  { inputs, targets }: Ones,
  row: number,
  ids: Ids,
  start: number,
  window: number,
  vocabularySize: number,
): void {
  const first = row * window;
  let offset = first * vocabularySize;
  for (let t = 0; t < window; t++) {
    const id = ids[start + t]!;
    if (id >= vocabularySize) throw unknownId(id, start + t, vocabularySize);
    x[offset + inputs[first + t]!] = 0;
    x[offset + id] = 1;
    inputs[first + t] = id;
    offset += vocabularySize;
  }
  const target = ids[start + window]!;
  if (target >= vocabularySize) throw unknownId(target, start + window, vocabularySize);
  y[row * vocabularySize + targets[row]!] = 0;
  y[row * vocabularySize + target] = 1;
  targets[row] = target;
}
