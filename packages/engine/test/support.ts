import { type Batch, createEngine, type Engine, type EngineOptions, type NamedTensor } from "@charlstm/engine";
import { inject, onTestFinished } from "vitest";

/** Uniform in [0, 1), by Weyl and a mixing step; enough for test data. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Weights of the size that training starts from, biases included so that nothing is tested at zero. */
export function randomWeights(vocabularySize: number, units: readonly number[], seed: number): NamedTensor[] {
  const random = numbers(seed);
  const tensor = (name: string, shape: number[], scale: number) => ({
    name,
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => (random() * 2 - 1) * scale),
  });
  let below = vocabularySize;
  const tensors = units.flatMap((width, layer) => {
    const name = layer === 0 ? "lstm" : `lstm_${layer}`;
    const scale = Math.sqrt(3 / (width + 1));
    const layerTensors = [
      tensor(`${name}/kernel`, [below, 4 * width], layer === 0 ? 0.8 : scale),
      tensor(`${name}/recurrent_kernel`, [width, 4 * width], scale),
      tensor(`${name}/bias`, [4 * width], 0.5),
    ];
    below = width;
    return layerTensors;
  });
  return [
    ...tensors,
    tensor("dense/kernel", [below, vocabularySize], Math.sqrt(6 / (below + vocabularySize))),
    tensor("dense/bias", [vocabularySize], 0.3),
  ];
}

export function randomBatch(
  vocabularySize: number,
  rows: number,
  length: number,
  isSequence: boolean,
  seed: number,
): Batch {
  const random = numbers(seed ^ 0x5bd1e995);
  const ids = (size: number) => Uint16Array.from({ length: size }, () => Math.floor(random() * vocabularySize));
  return { inputs: ids(rows * length), targets: ids(isSequence ? rows * length : rows), rows, length };
}

/** An engine of the build that is tested. */
export function makeEngine(options: EngineOptions): Promise<Engine> {
  return createEngine({ build: inject("build"), ...options });
}

/** An engine of the build that is tested, of which the running test disposes. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const engine = await makeEngine(options);
  onTestFinished(() => engine.dispose());
  return engine;
}

/** A power of two: subtracting `RATE` times the gradient from a weight loses nothing of either that counts. */
const RATE = 1024;

/** The gradient of one batch, read from what plain gradient descent does to the weights; leaves the engine moved. */
export async function gradientOf(engine: Engine, batch: Batch): Promise<{ loss: number; gradient: NamedTensor[] }> {
  const before = engine.readWeights();
  const { loss } = await engine.trainBatch(batch, RATE);
  const after = engine.readWeights();
  const gradient = before.map((tensor, index) => ({
    ...tensor,
    values: tensor.values.map((value, at) => (value - after[index]!.values[at]!) / RATE),
  }));
  return { loss, gradient };
}

/** |a - b| / |b| over all values, in Euclidean norms. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let index = 0; index < expected.length; index++) {
    difference += (actual[index]! - expected[index]!) ** 2;
    norm += expected[index]! ** 2;
  }
  return Math.sqrt(difference / Math.max(norm, 1e-24));
}
