import type { Checkpoint } from "@charlstm/model/checkpoint";
import { optimizerSettings } from "@charlstm/network";
import { type JsonObject, optionalNumber } from "./json.js";
import type { ImportedModel, NamedTensor, OptimizerConfig, PortableModel } from "./portable-model.js";

/**
 * A checkpoint as other tools' formats know it: without its run. Its optimizer goes along with the learning rate that the run had
 * reached, so that who goes on elsewhere goes on and does not begin anew.
 */
export function portableFromCheckpoint(checkpoint: Checkpoint): PortableModel {
  const { architecture, vocabulary, objective, weights, optimizer } = checkpoint;
  const settings = checkpoint.settings as JsonObject;
  const config = optimizerConfig(settings.optimizer);
  const learningRate = reachedRate(checkpoint);
  const clipNorm = optionalNumber(settings.clipNorm);
  return {
    ...{ architecture, weights, vocabulary, objective },
    ...(optimizer && config?.name === optimizer.name
      ? {
          optimizer: {
            ...{ config, state: optimizer },
            ...(learningRate === undefined ? {} : { learningRate }),
            ...(clipNorm !== undefined && clipNorm > 0 ? { clipNorm } : {}),
          },
        }
      : {}),
  };
}

/** The rate of the run's last update, or the one that the settings say where there was none. */
function reachedRate({ progress, history, settings }: Checkpoint): number | undefined {
  const { stepInEpoch, sums } = (progress ?? {}) as { stepInEpoch?: unknown; sums?: JsonObject };
  const last = stepInEpoch ? sums : (history.at(-1) as JsonObject | undefined);
  return optionalNumber(last?.learningRate) ?? optionalNumber((settings as JsonObject).learningRate);
}

/** An optimizer out of a checkpoint's settings, which hold whatever its writer put there. */
export function optimizerConfig(value: unknown): OptimizerConfig | undefined {
  const given = (typeof value === "object" ? value : null) as JsonObject | null;
  const name = given?.name as OptimizerConfig["name"];
  if (!given || !Object.hasOwn(optimizerSettings, name)) return undefined;
  const settings = optimizerSettings[name].flatMap((name) => {
    const number = optionalNumber(given[name]);
    return number === undefined ? [] : [[name, number] as const];
  });
  return { name, ...Object.fromEntries(settings) } as OptimizerConfig;
}

/**
 * A checkpoint of a model that another tool made. Ours keep their characters sorted by code point; where the model's are in another
 * order, the rows and columns that belong to characters move along.
 *
 * @param vocabulary The character of each id, in the model's order.
 */
export function checkpointFromPortable(model: ImportedModel, vocabulary: readonly string[]): Checkpoint {
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
    settings: optimizer
      ? {
          optimizer: optimizer.config,
          ...(optimizer.learningRate === undefined ? {} : { learningRate: optimizer.learningRate }),
          ...(optimizer.clipNorm === undefined ? {} : { clipNorm: optimizer.clipNorm }),
        }
      : {},
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
