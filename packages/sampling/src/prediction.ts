import { shown } from "@charlstm/errors";
import { checkArray } from "./checks.js";
import { SamplingError } from "./errors.js";

/** What a model knows after some text: whatever it needs to go on, and the logits of the next id. */
export interface Prediction<State> {
  /** Never changed by a later step: where a model works in place, a copy. */
  state: State;
  /** Shape `[V]`, natural-log units, at temperature 1; read before the next step, so that a model may reuse its buffer. */
  logits: ArrayLike<number>;
}

/** Feeds one id to the model. Any model will do: this is all that `beamSearch` and `scoreIds` know of it. */
export type Step<State> = (state: State, id: number) => Prediction<State> | Promise<Prediction<State>>;

/** The logits of what a step gave, or a caller for a start; refuses what is no prediction. */
export function logitsOf(prediction: Prediction<unknown>): ArrayLike<number> {
  const logits = prediction?.logits;
  checkArray(logits, "the logits of a prediction");
  return logits;
}

/** Refuses a step that cannot be called and a signal that is none. */
export function checkSearch<State>(step: Step<State>, signal: AbortSignal | undefined): void {
  if (typeof step !== "function") {
    const message = `step is ${shown(step)}: pass a function of a state and an id that returns { state, logits }`;
    throw new SamplingError("BAD_OPTION", message, { step });
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") {
    throw new SamplingError("BAD_OPTION", `signal is ${shown(signal)}: pass an AbortSignal or leave it out`, {
      signal,
    });
  }
}
