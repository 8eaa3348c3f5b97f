import { countWindows, type Ids, itemStarts, windowBatches } from "@charlstm/vectorize";
import type { Backend, Score } from "./backend.js";
import { scoreLogits } from "./cross-entropy.js";
import { TrainingError } from "./errors.js";
import { nextTurn, turnNowAndThen } from "./next-turn.js";
import type { Run } from "./run.js";
import { scoreStreamedWindows, takesWindows } from "./stream-windows.js";

/** How well a model predicts a text it is read, one character after another. */
export interface Evaluation {
  /** Mean cross-entropy, in nats per character. */
  loss: number;
  /** `loss / ln 2`. */
  bitsPerCharacter: number;
  /** `e^loss`. */
  perplexity: number;
  /** Share of the characters that were the model's most probable one. */
  accuracy: number;
  /** Characters predicted. */
  predictions: number;
}

/** How a text is scored. */
export interface EvaluateOptions {
  /**
   * What the model knows when it predicts a character: `window`, the `window` characters before it, from a zero state, at
   * every `stride` characters; `stream`, everything that came before it in its part of the text. The text is cut into up to 16
   * parts, so that no score hangs on one beginning, and each is entered from a zero state `window` characters before what counts;
   * `items`, for ids with their marks, everything that came before it in its item, whose end is predicted too.
   */
  context: "window" | "stream" | "items";
  /** Characters of a window, or those that a stream reads before it counts (half the text at the most). */
  window: number;
  /** Characters between two windows. Default `1`. */
  stride?: number;
  signal?: AbortSignal | undefined;
}

/** Streams read side by side: enough to keep the products full, few enough that little is read twice. */
const parallelStreams = 16;

/**
 * Scores a text.
 *
 * @throws {TrainingError | VectorizeError} `TEXT_TOO_SHORT` when there is nothing to predict.
 */
export async function evaluate(backend: Backend, ids: Ids, options: EvaluateOptions): Promise<Evaluation> {
  const needed = options.context === "window" ? options.window + 1 : 2;
  if (ids.length < needed) {
    throw new TrainingError(
      "TEXT_TOO_SHORT",
      `the text to score has ${ids.length} characters, at least ${needed} are needed: use a longer text or hold more out`,
      { characters: ids.length, needed },
    );
  }
  const score = { window: scoreWindows, stream: scoreStreams, items: scoreItems }[options.context];
  const sums = await score(backend, ids, options);
  const loss = sums.loss / sums.predictions;
  return {
    loss,
    bitsPerCharacter: loss / Math.LN2,
    perplexity: Math.exp(loss),
    accuracy: sums.correct / sums.predictions,
    predictions: sums.predictions,
  };
}

/** The score of a run's held-out text, in the context that its objective trains for; `undefined` when there is none. */
export async function evaluateHeldOut({ backend, settings, text, options }: Run): Promise<Evaluation | undefined> {
  const { window, stride, items, objective } = settings;
  const context = items !== undefined ? "items" : objective === "window" ? "window" : "stream";
  if (items === undefined ? text.heldOut.length <= window : text.heldOut.length === 0) return undefined;
  return evaluate(backend, text.heldOut, { context, window, stride, signal: options.signal });
}

interface Sums {
  loss: number;
  correct: number;
  predictions: number;
}

async function scoreWindows(
  backend: Backend,
  ids: Ids,
  { window, stride = 1, signal }: EvaluateOptions,
): Promise<Sums> {
  const sums: Sums = { loss: 0, correct: 0, predictions: 0 };
  const scores = takesWindows(backend, window)
    ? scoreBatches(backend, ids, { window, stride, signal })
    : scoreStreamedWindows(backend, ids, { window, stride, signal });
  for await (const score of scores) {
    sums.loss += score.loss * score.predictions;
    sums.correct += score.correct;
    sums.predictions += score.predictions;
  }
  return sums;
}

async function* scoreBatches(
  backend: Backend,
  ids: Ids,
  { window, stride, signal }: { window: number; stride: number; signal: AbortSignal | undefined },
): AsyncGenerator<Score, void, void> {
  const batch = Math.min(backend.options.rows, countWindows(ids.length, { window, stride }));
  for (const windowBatch of windowBatches(ids, { window, stride, batch, shuffle: false })) {
    signal?.throwIfAborted();
    yield await backend.scoreBatch(windowBatch);
  }
}

async function scoreStreams(backend: Backend, ids: Ids, { window, signal }: EvaluateOptions): Promise<Sums> {
  const sums: Sums = { loss: 0, correct: 0, predictions: 0 };
  const before = Math.min(window, (ids.length - 1) >> 1);
  const counted = ids.length - 1 - before;
  const count = Math.max(1, Math.min(parallelStreams, Math.floor(counted / 256)));
  const part = Math.floor(counted / count);
  const stream = backend.openStream(count);
  try {
    const inputs = new Uint32Array(count);
    for (let position = 0; position < before + part; position++) {
      for (let text = 0; text < count; text++) inputs[text] = ids[text * part + position]!;
      const logits = stream.step(inputs);
      const size = logits.length / count;
      for (let text = 0; text < count && position >= before; text++) {
        const { loss, correct } = scoreLogits(logits, text, size, ids[text * part + position + 1]!);
        sums.loss += loss;
        sums.correct += correct ? 1 : 0;
        sums.predictions++;
      }
      if (position % 256 === 255) {
        await nextTurn();
        signal?.throwIfAborted();
      }
    }
  } finally {
    stream.dispose();
  }
  return sums;
}

/** Items read side by side. */
const parallelItems = 64;

async function scoreItems(backend: Backend, ids: Ids, { signal }: EvaluateOptions): Promise<Sums> {
  const sums: Sums = { loss: 0, correct: 0, predictions: 0 };
  const starts = itemStarts(ids);
  const lengthOf = (item: number) => starts[item + 1]! - starts[item]!;
  // Those of a length together, so that few rows wait for the longest.
  const order = Uint32Array.from({ length: starts.length - 1 }, (_, item) => item).sort(
    (a, b) => lengthOf(a) - lengthOf(b) || a - b,
  );
  const count = Math.min(parallelItems, order.length);
  const turn = turnNowAndThen();
  const stream = backend.openStream(count);
  try {
    const inputs = new Uint32Array(count);
    for (let first = 0; first < order.length; first += count) {
      const group = order.subarray(first, first + count);
      stream.reset();
      for (let position = 0; position < lengthOf(group.at(-1)!); position++) {
        // Rows that are over read the mark; their scores are not looked at.
        inputs.fill(ids[0]!);
        for (const [row, item] of group.entries())
          if (position < lengthOf(item)) inputs[row] = ids[starts[item]! + position]!;
        const logits = stream.step(inputs);
        for (const [row, item] of group.entries()) {
          if (position >= lengthOf(item)) continue;
          const target = ids[starts[item]! + position + 1]!;
          const { loss, correct } = scoreLogits(logits, row, logits.length / count, target);
          sums.loss += loss;
          sums.correct += correct ? 1 : 0;
          sums.predictions++;
        }
        await turn();
        signal?.throwIfAborted();
      }
    }
  } finally {
    stream.dispose();
  }
  return sums;
}
