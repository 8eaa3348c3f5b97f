import { checkArray, checkId } from "./checks.js";
import { checkNames } from "./errors.js";
import { checkSearch, logitsOf, type Prediction, type Step } from "./prediction.js";
import { logSumExp } from "./softmax.js";

/** Where the text begins, and how the model reads on. */
export interface ScoreOptions<State> {
  /** The model's prediction after whatever comes before the ids. */
  start: Prediction<State>;
  step: Step<State>;
  signal?: AbortSignal | undefined;
}

/** How probable a model finds a text. */
export interface Score {
  /** Of the whole text, nats, <= 0; `-Infinity` if the model excludes one of its ids. */
  logProbability: number;
  /** Of each id after those before it. Shape `[length of the text]`. */
  logProbabilities: Float64Array;
}

const scoreNames = ["start", "step", "signal"];

/**
 * The log-probability of a given text: the sum of `log p(id | the ids before it)`. The loss in nats per character is
 * `-logProbability / ids.length`.
 *
 * @param ids The text. None: probability 1.
 * @throws {SamplingError} `BAD_ID`, `BAD_OPTION`, and for the logits `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`,
 *   `ALL_MASKED`. When aborted, the signal's reason.
 */
export async function scoreIds<State>(ids: ArrayLike<number>, options: ScoreOptions<State>): Promise<Score> {
  checkNames(options, scoreNames, "scoreIds");
  const { start, step, signal } = options;
  checkArray(ids, "the ids");
  checkSearch(step, signal);
  const logProbabilities = new Float64Array(ids.length);
  let logProbability = 0;
  let prediction = start;
  for (let index = 0; index < ids.length; index++) {
    signal?.throwIfAborted();
    const id = ids[index]!;
    const logits = logitsOf(prediction);
    checkId(id, logits.length);
    logProbabilities[index] = logits[id]! - logSumExp(logits);
    logProbability += logProbabilities[index]!;
    if (index + 1 < ids.length) prediction = await step(prediction.state, id);
  }
  return { logProbability, logProbabilities };
}
