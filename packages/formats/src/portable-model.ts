import type { Architecture, NamedTensor, OptimizerState } from "@charlstm/model/checkpoint";
import type { OptimizerConfig } from "@charlstm/network";
import { weightSpecs } from "@charlstm/network";
import { FormatError } from "./errors.js";
import type { Objective } from "./objective.js";

export type { Architecture, NamedTensor, Objective, OptimizerConfig, OptimizerState };

/** Slots are named `<weight>/velocity`, `/momentum`, `/m` or `/v`, as Keras 3's optimizers keep them. */
export interface PortableOptimizer {
  readonly config: OptimizerConfig;
  readonly state: OptimizerState;
  /** Where the training stood, not where its schedule began. */
  readonly learningRate?: number;
  /** Largest global norm of the gradient; missing where it is left alone. */
  readonly clipNorm?: number;
}

/** What every format here is read to and written from. */
export interface PortableModel {
  readonly architecture: Architecture;
  /** In Keras's order, names, layout (gates i, f, c, o) and shapes; as `weightSpecs` of `@charlstm/model` lists them. */
  readonly weights: readonly NamedTensor[];
  readonly optimizer?: PortableOptimizer;
  /** The character of each id, code points in the model's order. */
  readonly vocabulary?: readonly string[];
  /** What it was trained for, which says how it is best read; missing where a file does not tell. */
  readonly objective?: Objective | undefined;
}

/** A model that came from a file. */
export interface ImportedModel extends PortableModel {
  /** Which kind of file it was and who wrote it, for people: `"Keras 2.7.0 .h5"`. */
  readonly source: string;
  /** What the file says that does not fit in a {@link PortableModel}, one readable sentence each. */
  readonly warnings: readonly string[];
}

/** Refuses a model whose parts do not belong together. @throws {FormatError} `BAD_MODEL`. */
export function checkModel(model: PortableModel): void {
  const { vocabularySize, window, units, dropout, recurrentActivation } = model.architecture;
  const counts = [vocabularySize, window, ...units];
  if (units.length === 0 || !counts.every((count) => Number.isSafeInteger(count) && count > 0)) {
    throw badModel("vocabularySize, window and every entry of units must be whole numbers above 0");
  }
  if (!(dropout >= 0 && dropout < 1)) throw badModel(`dropout is ${dropout}, expected a number in [0, 1)`);
  if (recurrentActivation !== undefined && recurrentActivation !== "hard_sigmoid") {
    throw badModel(`recurrentActivation is ${String(recurrentActivation)}, expected "hard_sigmoid" or nothing`);
  }
  const specs = weightSpecs(model.architecture);
  if (model.weights.length !== specs.length) {
    throw badModel(`${model.weights.length} weights were given, this architecture has ${specs.length}`);
  }
  for (const [index, spec] of specs.entries()) checkTensor(model.weights[index]!, spec);
  if (model.vocabulary && model.vocabulary.length !== vocabularySize) {
    throw badModel(`the vocabulary has ${model.vocabulary.length} characters, the model ${vocabularySize}`);
  }
  for (const slot of model.optimizer?.state.slots ?? []) {
    const cut = slot.name.lastIndexOf("/");
    const weight = specs.find((spec) => spec.name === slot.name.slice(0, cut));
    if (!weight) throw badModel(`the optimizer slot "${slot.name}" belongs to no weight`);
    checkTensor(slot, { name: slot.name, shape: weight.shape });
  }
}

function checkTensor(tensor: NamedTensor, { name, shape }: { name: string; shape: readonly number[] }): void {
  const size = shape.reduce((product, length) => product * length, 1);
  if (tensor.name !== name || tensor.shape.join() !== shape.join() || tensor.values.length !== size) {
    throw badModel(
      `weight "${tensor.name}" has the shape [${tensor.shape}] and ${tensor.values.length} values, ` +
        `expected "${name}" with [${shape}]`,
    );
  }
}

function badModel(reason: string): FormatError {
  return new FormatError("BAD_MODEL", `the model cannot be written: ${reason}`, { reason });
}
