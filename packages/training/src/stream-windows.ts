import { countWindows, type Ids } from "@charlstm/vectorize";
import type { Backend, Score } from "./backend.js";
import { scoreLogits } from "./cross-entropy.js";
import { turnNowAndThen } from "./next-turn.js";

/** Windows read side by side. */
const mostTogether = 128;

/** Whether a backend's batches are windows of this length; others read windows as streams. */
export function takesWindows({ options }: Backend, window: number): boolean {
  return options.objective === "window" && options.architecture.window === window;
}

/** Scores what follows each window, read from a zero state as a stream: any backend can. A score a group of windows. */
export async function* scoreStreamedWindows(
  backend: Backend,
  ids: Ids,
  { window, stride, signal }: { window: number; stride: number; signal?: AbortSignal | undefined },
): AsyncGenerator<Score, void, void> {
  const windows = countWindows(ids.length, { window, stride });
  const count = Math.min(mostTogether, windows);
  const turn = turnNowAndThen();
  const stream = backend.openStream(count);
  try {
    const inputs = new Uint32Array(count);
    for (let first = 0; first < windows; first += count) {
      const together = Math.min(count, windows - first);
      stream.reset();
      let logits: Float32Array = new Float32Array();
      for (let position = 0; position < window; position++) {
        // Rows past the last window read it once more; their scores are not looked at.
        for (let row = 0; row < count; row++)
          inputs[row] = ids[(first + Math.min(row, together - 1)) * stride + position]!;
        logits = stream.step(inputs);
        await turn();
        signal?.throwIfAborted();
      }
      const score: Score = { loss: 0, correct: 0, predictions: together };
      for (let row = 0; row < together; row++) {
        const { loss, correct } = scoreLogits(
          logits,
          row,
          logits.length / count,
          ids[(first + row) * stride + window]!,
        );
        score.loss += loss / together;
        score.correct += correct ? 1 : 0;
      }
      yield score;
    }
  } finally {
    stream.dispose();
  }
}
