/** What a model knows after some text: whatever it needs to go on, and the logits of the next id. */
export interface Prediction<State> {
  /** Never changed by a later step: where a model works in place, a copy. */
  state: State;
  /** Shape `[V]`, natural-log units, at temperature 1; read before the next step, so that a model may reuse its buffer. */
  logits: ArrayLike<number>;
}

/** Feeds one id to the model. Any model will do: this is all that `beamSearch` and `scoreIds` know of it. */
export type Step<State> = (state: State, id: number) => Prediction<State> | Promise<Prediction<State>>;
