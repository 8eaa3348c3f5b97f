// Learning further: a model goes on with another text, which may have characters that it never saw.
import { type Architecture, type Checkpoint, initialWeights, type NamedTensor } from "@charlstm/model/checkpoint";
import { createVocabulary, type Vocabulary } from "@charlstm/vectorize";
import type { TrainingSettings } from "./settings.js";

/** A model made ready for another text. */
export interface FurtherModel {
  architecture: Architecture;
  /** The characters of the model and of the text. */
  vocabulary: Vocabulary;
  weights: readonly NamedTensor[];
  /** Characters of the text that the model did not know, sorted. */
  added: readonly string[];
}

/**
 * Makes a model ready to learn from another text: what it knows stays as it is, characters that it never saw get rows of the first
 * kernel, columns of the dense kernel and a bias of their own, such as a new network begins with. None is taken away.
 *
 * @param characters The characters of the text.
 * @param options Its `seed` starts the weights of what is new.
 */
export function learnFurther(
  { architecture, vocabulary: known, weights }: Pick<Checkpoint, "architecture" | "vocabulary" | "weights">,
  characters: readonly string[],
  { seed }: { seed: number },
): FurtherModel {
  const vocabulary = createVocabulary([...known, ...characters]);
  const isKnown = new Set(known);
  const added = vocabulary.characters.filter((character) => !isKnown.has(character));
  const wider = { ...architecture, vocabularySize: vocabulary.size };
  if (added.length === 0) return { architecture: wider, vocabulary, weights, added };
  const places = known.map((character) => vocabulary.idOf(character)!);
  const fresh = initialWeights(wider, { seed });
  return {
    ...{ architecture: wider, vocabulary, added },
    weights: weights.map((tensor, index) => widen(tensor, fresh[index]!, places)),
  };
}

/** An old tensor in a new one's place: what belongs to a character moves to where the character has moved. */
function widen(old: NamedTensor, fresh: NamedTensor, places: readonly number[]): NamedTensor {
  const columns = fresh.shape.at(-1)!;
  const oldColumns = old.shape.at(-1)!;
  if (old.name === "lstm/kernel") {
    for (const [from, to] of places.entries())
      fresh.values.set(old.values.subarray(from * columns, (from + 1) * columns), to * columns);
    return fresh;
  }
  if (!old.name.startsWith("dense/")) return old;
  for (let row = 0; row < old.values.length / oldColumns; row++) {
    for (const [from, to] of places.entries()) fresh.values[row * columns + to] = old.values[row * oldColumns + from]!;
  }
  return fresh;
}

/**
 * Settings that suit going on with a model: its network, half the learning rate, so that what it knows is not washed away, and half the
 * dropout. Measured in docs/training.md.
 *
 * @param settings Those that a new network would get for the text.
 */
export function settingsFurther(
  { architecture, objective }: Pick<Checkpoint, "architecture" | "objective">,
  settings: TrainingSettings,
): TrainingSettings {
  const { learningRate, dropout } = settings;
  // Windows are what such a model has learnt to read; a stream may be cut anywhere.
  const window = objective === "window" ? architecture.window : settings.window;
  return {
    ...settings,
    units: architecture.units,
    objective,
    window,
    learningRate: learningRate / 2,
    dropout: dropout / 2,
  };
}
