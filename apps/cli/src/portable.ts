import type { ImportedModel, NamedTensor, PortableModel } from "@charlstm/keras";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import type { TrainingSettings } from "@charlstm/training";

/** A checkpoint as other tools' formats know it: without its run. */
export function toPortable(checkpoint: Checkpoint): PortableModel {
  const { architecture, vocabulary, objective, weights, optimizer, settings } = checkpoint;
  const { optimizer: config, learningRate } = settings as Partial<TrainingSettings>;
  return {
    ...{ architecture, weights, vocabulary, objective },
    ...(optimizer && config
      ? { optimizer: { config, state: optimizer, ...(learningRate ? { learningRate } : {}) } }
      : {}),
  };
}

/**
 * A checkpoint of a model that other tools made. Ours keep their characters sorted; where the model's are in another order, the
 * rows and columns that belong to characters move along.
 */
export function fromPortable(model: ImportedModel, vocabulary: readonly string[]): Checkpoint {
  const order = vocabulary
    .map((_, id) => id)
    .sort((a, b) => vocabulary[a]!.codePointAt(0)! - vocabulary[b]!.codePointAt(0)!);
  const sorted = order.every((id, place) => id === place)
    ? (tensor: NamedTensor) => tensor
    : (tensor: NamedTensor) => reorder(tensor, order);
  const { optimizer } = model;
  return {
    architecture: model.architecture,
    vocabulary: order.map((id) => vocabulary[id]!),
    objective: model.objective ?? "window",
    weights: model.weights.map(sorted),
    ...(optimizer ? { optimizer: { ...optimizer.state, slots: optimizer.state.slots.map(sorted) } } : {}),
    history: [],
    settings: optimizer ? { optimizer: optimizer.config, learningRate: optimizer.learningRate } : {},
    metadata: { source: model.source },
  };
}

/** Puts what belongs to characters in another order: rows of the first kernel, columns of the dense layer. */
function reorder(tensor: NamedTensor, order: readonly number[]): NamedTensor {
  const { name, shape, values } = tensor;
  const [rows, columns] = shape.length === 2 ? [shape[0]!, shape[1]!] : [1, shape[0]!];
  const moved = values.slice();
  if (/^lstm\/kernel(\/|$)/.test(name)) {
    for (const [to, from] of order.entries())
      moved.set(values.subarray(from * columns, (from + 1) * columns), to * columns);
  } else if (name.startsWith("dense/")) {
    for (let row = 0; row < rows; row++) {
      for (const [to, from] of order.entries()) moved[row * columns + to] = values[row * columns + from]!;
    }
  }
  return { ...tensor, values: moved };
}
