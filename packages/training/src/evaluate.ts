import { countWindows, type Ids, windowBatches } from "@charlstm/vectorize";
import type { Backend, Score } from "./backend.js";
import { scoreLogits } from "./cross-entropy.js";
import { TrainingError } from "./errors.js";
import { nextTurn } from "./next-turn.js";
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
   * parts, so that no score hangs on one beginning, and each is entered from a zero state `window` characters before what counts.
   */
  context: "window" | "stream";
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
 * @throws {TrainingError} `TEXT_TOO_SHORT` when there is nothing to predict.
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
  const sums =
    options.context === "window"
      ? await scoreWindows(backend, ids, options)
      : await scoreStreams(backend, ids, options);
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
  const context = settings.objective === "window" ? "window" : "stream";
  const { window, stride } = settings;
  if (text.heldOut.length <= window) return undefined;
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
