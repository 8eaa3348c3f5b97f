// Registers the gradients and chained operations that plain imports of the core lack.
import "@charlstm/model";
import { initialWeights, type NamedTensor } from "@charlstm/model/checkpoint";
import type { Ids } from "@charlstm/vectorize";
import * as tf from "@tensorflow/tfjs-core";
import {
  type Backend,
  type BackendOptions,
  type Batch,
  type CharacterStream,
  countPredictions,
  type Score,
} from "../backend.js";
import { TrainingError } from "../errors.js";
import { crossEntropy, type LayerState, runNetwork, zeroState } from "./network.js";
import { createTfjsOptimizer } from "./optimizer.js";

/** TensorFlow.js calls its own backends by other names than our flags do. */
const flagNames: Readonly<Record<string, string>> = { tensorflow: "tfjs-node" };

/**
 * Makes a backend on the TensorFlow.js backend that is active (`tf.setBackend`, `tf.ready`): cpu, wasm, webgl, node …
 *
 * @param options.seed Starts the dropout masks; the weights start from it too until `writeWeights` replaces them.
 */
export function createTfjsBackend(options: BackendOptions): Backend {
  const { architecture, objective, rows, seed } = options;
  const initial = initialWeights(architecture, { seed });
  const weights = initial.map(({ values, shape }) => tf.tidy(() => tf.variable(tf.tensor(values, [...shape]))));
  const optimizer = createTfjsOptimizer(options.optimizer, initial, options.clipNorm || undefined);
  const everyStep = objective === "sequence";
  let carried = objective === "sequence" ? zeroState(architecture, rows) : undefined;
  let trained = 0;
  let disposed = false;

  function assertUsable(): void {
    if (disposed) throw new TrainingError("DISPOSED", "this backend was disposed: make a new one");
  }

  function replaceCarried(state: LayerState[]): void {
    tf.dispose(carried);
    carried = state;
  }

  function forward(batch: Batch, state: readonly LayerState[], dropout: boolean) {
    const ids = timeMajor(batch.inputs, batch.rows, batch.length);
    const targets = everyStep ? timeMajor(batch.targets, batch.rows, batch.length) : idTensor(batch.targets);
    const { logits, state: newState } = runNetwork(architecture, weights, ids, state, {
      everyStep,
      dropoutSeed: dropout && architecture.dropout > 0 ? (layer) => seed + 7919 * trained + layer + 1 : undefined,
    });
    return { logits, targets, state: newState, counted: batch.lengths && countedPlaces(batch, batch.lengths) };
  }

  return {
    name: flagNames[tf.getBackend()] ?? `tfjs-${tf.getBackend()}`,
    facts: { tfjs: tf.version_core },
    options,

    async trainBatch(batch, learningRate) {
      assertUsable();
      checkBatch(batch, options);
      const [loss, norm] = tf.tidy(() => {
        let newState: LayerState[] = [];
        const { value, grads } = tf.variableGrads(() => {
          const output = forward(batch, carried ?? zeroState(architecture, batch.rows), true);
          newState = carried ? output.state.map(([h, c]) => [tf.keep(h), tf.keep(c)]) : [];
          return crossEntropy(output.logits, output.targets, output.counted);
        }, weights);
        if (carried) replaceCarried(newState);
        const gradients = weights.map((weight) => grads[weight.name]!);
        return [value, optimizer.apply(weights, gradients, learningRate)];
      });
      trained++;
      return { loss: await takeScalar(loss!), gradientNorm: await takeScalar(norm!) };
    },

    async scoreBatch(batch): Promise<Score> {
      assertUsable();
      checkBatch(batch, options);
      const [loss, correct] = tf.tidy(() => {
        const { logits, targets, counted } = forward(batch, zeroState(architecture, batch.rows), false);
        const hits = tf.cast(tf.equal(tf.argMax(logits, 1), targets), "float32");
        return [crossEntropy(logits, targets, counted), tf.sum(counted ? tf.mul(hits, counted) : hits) as tf.Scalar];
      });
      return {
        loss: await takeScalar(loss!),
        correct: await takeScalar(correct!),
        predictions: countPredictions(batch),
      };
    },

    resetState() {
      if (carried) replaceCarried(zeroState(architecture, rows));
    },
    readState: () => (carried ? packState(carried) : new Float32Array(0)),
    writeState(values) {
      if (carried) replaceCarried(unpackState(values, architecture.units, rows));
    },

    openStream(count = 1): CharacterStream {
      assertUsable();
      let state = zeroState(architecture, count);
      const replace = (next: LayerState[]) => {
        tf.dispose(state);
        state = next;
      };
      return {
        count,
        step(ids) {
          const logits = tf.tidy(() => {
            const output = runNetwork(architecture, weights, idTensor(ids), state, { everyStep: false });
            replace(output.state.map(([h, c]) => [tf.keep(h), tf.keep(c)]));
            return output.logits;
          });
          const values = logits.dataSync() as Float32Array;
          logits.dispose();
          return values;
        },
        reset: () => replace(zeroState(architecture, count)),
        readState: () => packState(state),
        writeState: (values) => replace(unpackState(values, architecture.units, count)),
        dispose: () => replace([]),
      };
    },

    async readWeights() {
      assertUsable();
      const read = async (variable: tf.Variable, index: number): Promise<NamedTensor> => ({
        name: initial[index]!.name,
        shape: initial[index]!.shape,
        values: Float32Array.from((await variable.data()) as Float32Array),
      });
      return Promise.all(weights.map(read));
    },
    writeWeights(given) {
      const byName = new Map(given.map((weight) => [weight.name, weight]));
      initial.forEach(({ name, shape }, index) => {
        const found = byName.get(name);
        if (found?.shape.join() !== shape.join()) {
          throw new TrainingError(
            "BAD_WEIGHTS",
            `weight ${name} has ${found ? `shape [${found.shape}]` : "no values"}, this model needs shape [${shape}]`,
            { name, given: found?.shape, expected: shape },
          );
        }
        tf.tidy(() => weights[index]!.assign(tf.tensor(found.values, [...shape])));
      });
    },

    readOptimizer: () => optimizer.read(),
    writeOptimizer(state) {
      optimizer.write(state);
      trained = state.step;
    },

    async dispose() {
      if (disposed) return;
      disposed = true;
      tf.dispose(carried);
      for (const weight of weights) weight.dispose();
      optimizer.dispose();
    },
  };
}

function checkBatch(batch: Batch, { objective, rows, architecture }: BackendOptions): void {
  const { inputs, targets, length } = batch;
  const predictions = objective === "sequence" ? batch.rows * length : batch.rows;
  const fits =
    batch.rows >= 1 && length >= 1 && inputs.length === batch.rows * length && targets.length === predictions;
  if (!fits || batch.rows > rows || (objective === "sequence" && batch.rows !== rows)) {
    throw new TrainingError(
      "BAD_BATCH",
      `a batch of ${batch.rows} rows × ${length} came with ${inputs.length} inputs and ${targets.length} targets; ` +
        `this backend takes ${objective === "sequence" ? "" : "up to "}${rows} rows and ${predictions} targets`,
      { rows: batch.rows, length, inputs: inputs.length, targets: targets.length },
    );
  }
  for (const ids of [inputs, targets]) {
    for (const id of ids) {
      if (id >= architecture.vocabularySize) {
        throw new TrainingError(
          "BAD_BATCH",
          `id ${id} is not below the vocabulary's size, ${architecture.vocabularySize}`,
          {
            id,
            vocabularySize: architecture.vocabularySize,
          },
        );
      }
    }
  }
}

function idTensor(ids: ArrayLike<number>): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from(ids), "int32");
}

/** Ids of shape `[rows, length]` as a tensor of shape `[length·rows]`: all rows of the first step first. */
function timeMajor(ids: Ids, rows: number, length: number): tf.Tensor1D {
  const turned = new Int32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    for (let time = 0; time < length; time++) turned[time * rows + row] = ids[row * length + time]!;
  }
  return tf.tensor1d(turned, "int32");
}

/** Ones where a row of a batch counts and zeros where it pads, of shape `[length·rows]`, all rows of the first step first. */
function countedPlaces({ rows, length }: Batch, lengths: ArrayLike<number>): tf.Tensor1D {
  const counted = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    for (let time = 0; time < lengths[row]!; time++) counted[time * rows + row] = 1;
  }
  return tf.tensor1d(counted);
}

async function takeScalar(scalar: tf.Scalar): Promise<number> {
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}

function packState(state: readonly LayerState[]): Float32Array {
  const parts = state.flat().map((tensor) => tensor.dataSync());
  const packed = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    packed.set(part, offset);
    offset += part.length;
  }
  return packed;
}

function unpackState(values: Float32Array, layers: readonly number[], rows: number): LayerState[] {
  let offset = 0;
  const take = (units: number) => {
    const start = offset;
    offset += rows * units;
    return tf.tensor2d(values.slice(start, offset), [rows, units]);
  };
  return layers.map((units) => [take(units), take(units)]);
}
