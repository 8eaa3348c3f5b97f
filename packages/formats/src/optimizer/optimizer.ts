import { slotNames } from "@charlstm/network";
import { FormatError } from "../errors.js";
import { type JsonObject, optionalNumber, shown } from "../json.js";
import type { RawTensor } from "../layers/layout.js";
import type { NamedTensor, OptimizerConfig, OptimizerState, PortableOptimizer } from "../portable-model.js";
import { learningRateOf } from "./learning-rate.js";

type Weight = Pick<NamedTensor, "name" | "shape">;

/** Settings that change what the slots mean and that the optimizers here do not have. */
const FOREIGN_SETTINGS = ["centered", "amsgrad", "nesterov", "use_ema"];

/** Settings that change the gradient before the optimizer sees it, in ways that have no counterpart here. */
const CLIPPING_SETTINGS = ["clipvalue", "clipnorm"];

/** Reads an optimizer; whatever is odd about it is told in a warning, and the model is read without it. */
export function optimizerOrWarning(
  warnings: string[],
  read: () => PortableOptimizer | undefined,
): PortableOptimizer | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    warnings.push(`the optimizer is left out: ${error.message}`);
    return undefined;
  }
}

/**
 * Reads an optimizer from Keras's configuration and its arrays.
 *
 * Keras 2 up to 2.10 keeps all arrays of one slot together, later versions alternate between the slots for Adam; which
 * one it is shows in the shapes. Scalars before them are the step and, in Keras 3, the learning rate.
 *
 * @param given `{ class_name, config }`, or the name alone: some versions keep what `compile` was given.
 * @param warnings Told why an optimizer cannot go along: the model itself is still usable then.
 */
export function readOptimizer(
  given: unknown,
  arrays: readonly RawTensor[],
  weights: readonly Weight[],
  warnings: string[],
): PortableOptimizer | undefined {
  const description = (typeof given === "string" ? { class_name: given, config: {} } : (given ?? {})) as JsonObject;
  const config = readConfig(description);
  if (typeof config === "string") {
    warnings.push(config);
    return undefined;
  }
  const settings = description.config as JsonObject;
  const scalars = arrays.filter(({ shape }) => shape.length === 0);
  const slots = assignSlots(arrays, weights, slotNames(config));
  if (!slots) {
    warnings.push(`the state of the optimizer (${config.name}) does not fit the weights and is left out`);
    return undefined;
  }
  if (!slots.every(({ values }) => values.every(Number.isFinite))) {
    warnings.push(`the state of the optimizer (${config.name}) holds numbers that are not finite and is left out`);
    return undefined;
  }
  const clipping = CLIPPING_SETTINGS.find((setting) => settings[setting]);
  if (clipping)
    warnings.push(`gradients were clipped (${clipping} ${shown(settings[clipping])}): set it again for training`);
  const step = Math.min(Math.max(Math.round(scalars[0]?.values[0] ?? 0) || 0, 0), Number.MAX_SAFE_INTEGER);
  const state: OptimizerState = { name: config.name, step, slots };
  const kept = scalars[1]?.values[0];
  const learningRate = kept !== undefined && kept >= 0 ? kept : learningRateOf(settings, step, warnings);
  const clipNorm = optionalNumber(settings.global_clipnorm);
  return {
    ...{ config, state },
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(clipNorm !== undefined && clipNorm > 0 ? { clipNorm } : {}),
  };
}

/** Keras's optimizer and its settings, or the sentence why it has no counterpart here. */
export function readConfig({ class_name: className, config }: JsonObject): OptimizerConfig | string {
  if (typeof className !== "string" || typeof config !== "object" || config === null) {
    return "the optimizer is not described in the file and is left out";
  }
  const settings = config as JsonObject;
  const foreign = FOREIGN_SETTINGS.find((setting) => settings[setting]);
  if (foreign) return `the optimizer uses ${foreign}, which has no counterpart here: its state is left out`;
  const number = (key: string, fallback: number) => optionalNumber(settings[key]) ?? fallback;
  const epsilon = number("epsilon", 1e-7);
  const weightDecay = optionalNumber(settings.weight_decay);
  const name = className.replace(/^Custom>/, "").toLowerCase();
  if (weightDecay && name !== "adamw") {
    return `the optimizer (${className}) uses weight decay, which only AdamW has here: its state is left out`;
  }
  const adam = { beta1: number("beta_1", 0.9), beta2: number("beta_2", 0.999), epsilon };
  const shares = ["rho", "momentum", "beta_1", "beta_2"].filter((key) => !(number(key, 0) >= 0 && number(key, 0) < 1));
  const odd = epsilon < 0 || (weightDecay ?? 0) < 0 ? "epsilon or weight decay" : shares[0];
  if (odd)
    return `the optimizer (${className}) has settings that no optimizer can have (${odd}): its state is left out`;
  switch (name) {
    case "rmsprop":
      return { name, rho: number("rho", 0.9), momentum: number("momentum", 0), epsilon };
    case "adam":
      return { name, ...adam };
    case "adamw":
      return { name, ...adam, weightDecay: weightDecay ?? 0.004 };
    case "sgd":
      return { name, momentum: number("momentum", 0) };
    default:
      return `the optimizer ${className} has no counterpart here: its state is left out`;
  }
}

function assignSlots(
  arrays: readonly RawTensor[],
  weights: readonly Weight[],
  names: readonly string[],
): NamedTensor[] | undefined {
  // Keras 2.2 pads Adam with arrays of one zero.
  const state = arrays.filter(({ shape }) => shape.length > 0 && shape.join() !== "1");
  const wanted = names.length * weights.length;
  if (state.length !== wanted) return undefined;
  const bySlot = (slot: number, weight: number) => state[slot * weights.length + weight]!;
  const alternating = (slot: number, weight: number) => state[weight * names.length + slot]!;
  for (const at of [bySlot, alternating]) {
    const fits = names.every((_, slot) =>
      weights.every(({ shape }, index) => at(slot, index).shape.join() === shape.join()),
    );
    if (fits) {
      return weights.flatMap((weight, index) =>
        names.map((name, slot) => ({
          name: `${weight.name}/${name}`,
          shape: weight.shape,
          values: Float32Array.from(at(slot, index).values),
        })),
      );
    }
  }
  return undefined;
}

/** Keras's name and settings for an optimizer, for `training_config` and `compile_config`. */
export function kerasOptimizer({ config, learningRate, clipNorm }: PortableOptimizer): {
  className: string;
  config: JsonObject;
} {
  const rate = { learning_rate: learningRate ?? 0.001, ...(clipNorm ? { global_clipnorm: clipNorm } : {}) };
  switch (config.name) {
    case "rmsprop":
      return {
        className: "RMSprop",
        config: {
          name: "rmsprop",
          ...rate,
          rho: config.rho ?? 0.9,
          momentum: config.momentum ?? 0,
          epsilon: config.epsilon ?? 1e-7,
          centered: false,
        },
      };
    case "adam":
    case "adamw":
      return {
        className: config.name === "adam" ? "Adam" : "AdamW",
        config: {
          name: config.name,
          ...rate,
          ...(config.name === "adamw" ? { weight_decay: config.weightDecay ?? 0.004 } : {}),
          beta_1: config.beta1 ?? 0.9,
          beta_2: config.beta2 ?? 0.999,
          epsilon: config.epsilon ?? 1e-7,
          amsgrad: false,
        },
      };
    case "sgd":
      return { className: "SGD", config: { name: "sgd", ...rate, momentum: config.momentum ?? 0, nesterov: false } };
  }
}

/** The slot arrays in the order of Keras's optimizer: alternating, or all arrays of one slot together. */
export function orderedSlots(
  { config, state }: PortableOptimizer,
  weights: readonly Weight[],
  order: "alternating" | "by slot",
): NamedTensor[] {
  const names = slotNames(config);
  const slot = (weight: Weight, name: string): NamedTensor => {
    const wanted = `${weight.name}/${name}`;
    const found = state.slots.find((candidate) => candidate.name === wanted);
    const size = weight.shape.reduce((product, length) => product * length, 1);
    return found ?? { name: wanted, shape: weight.shape, values: new Float32Array(size) };
  };
  return order === "alternating"
    ? weights.flatMap((weight) => names.map((name) => slot(weight, name)))
    : names.flatMap((name) => weights.map((weight) => slot(weight, name)));
}
