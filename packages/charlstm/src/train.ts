import type { TrainingEvent } from "@charlstm/training";
import { CharacterModel } from "./model.js";
import type { Text } from "./text.js";
import { type TrainOptions, trainedOf, trainFrom } from "./training-run.js";

/** What `trainEvents` tells: what a training run does, and at its end the model. */
export type TrainEvent = TrainingEvent | { type: "trained"; model: CharacterModel };

/**
 * Trains a model on a text, or on several.
 *
 * @throws {CharlstmError} `BAD_TEXT`, `BAD_OPTION`.
 * @throws {TrainingError} `BAD_OPTION`, `TEXT_TOO_SHORT`, `DIVERGED`.
 * @throws {CorpusError} Why a book cannot be had; the signal's reason when aborted.
 */
export async function train(texts: Text | readonly Text[], options: TrainOptions = {}): Promise<CharacterModel> {
  return new CharacterModel(await trainedOf(trainFrom(undefined, texts, options), options.onEpoch));
}

/** The same as a stream of events; leaving the loop early ends the training. */
export async function* trainEvents(
  texts: Text | readonly Text[],
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const checkpoint = yield* trainFrom(undefined, texts, options);
  yield { type: "trained", model: new CharacterModel(checkpoint) };
}
