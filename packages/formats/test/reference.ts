import type { NamedTensor, OptimizerConfig, PortableModel } from "../src/index.js";

/** A plain LSTM in 64-bit arithmetic, written from Keras's equations: the measure for what other programs compute. */
export class ReferenceNetwork {
  readonly weights: Map<string, Float64Array>;
  private readonly slots = new Map<string, Float64Array>();
  private step: number;
  private readonly units: readonly number[];
  private readonly characters: number;
  private readonly gate: (x: number) => number;
  private readonly config: OptimizerConfig | undefined;

  constructor(model: PortableModel) {
    const toDoubles = ({ name, values }: NamedTensor): [string, Float64Array] => [name, Float64Array.from(values)];
    this.weights = new Map(model.weights.map(toDoubles));
    for (const slot of model.optimizer?.state.slots ?? []) this.slots.set(...toDoubles(slot));
    this.step = model.optimizer?.state.step ?? 0;
    this.units = model.architecture.units;
    this.characters = model.architecture.vocabularySize;
    this.config = model.optimizer?.config;
    this.gate = model.architecture.recurrentActivation ? hardSigmoid : sigmoid;
  }

  private weight(name: string): Float64Array {
    return this.weights.get(name)!;
  }

  /** Probabilities `[V]` of the character after a window. */
  predict(window: readonly number[]): Float64Array {
    return this.forward(window).probabilities;
  }

  private forward(window: readonly number[]) {
    let inputs = window.map((id) => oneHot(id, this.characters));
    const layers = this.units.map((width, k) => {
      const states = this.runLayer(layerName(k), width, inputs);
      const given = inputs;
      inputs = states.map(({ h }) => h);
      return { name: layerName(k), width, inputs: given, states };
    });
    const last = inputs.at(-1)!;
    const logits = addProduct(Float64Array.from(this.weight("dense/bias")), last, this.weight("dense/kernel"));
    return { layers, last, probabilities: softmax(logits) };
  }

  private runLayer(name: string, width: number, inputs: readonly Float64Array[]) {
    let h: Float64Array = new Float64Array(width);
    let c: Float64Array = new Float64Array(width);
    return inputs.map((x) => {
      const z = Float64Array.from(this.weight(`${name}/bias`));
      addProduct(z, x, this.weight(`${name}/kernel`));
      addProduct(z, h, this.weight(`${name}/recurrent_kernel`));
      const gates = z.map((value, j) => (Math.floor(j / width) === 2 ? Math.tanh(value) : this.gate(value)));
      const before = { h, c };
      c = c.map((value, j) => gates[width + j]! * value + gates[j]! * gates[2 * width + j]!);
      h = c.map((value, j) => gates[3 * width + j]! * Math.tanh(value));
      return { h, c, gates, before };
    });
  }

  /** One optimizer update on a batch; returns the loss before it, in nats. */
  train(inputs: readonly (readonly number[])[], targets: readonly number[], learningRate: number): number {
    const gradients = new Map([...this.weights].map(([name, values]) => [name, new Float64Array(values.length)]));
    let loss = 0;
    inputs.forEach((window, row) => {
      loss += this.backward(window, targets[row]!, inputs.length, gradients);
    });
    this.step++;
    for (const [name, gradient] of gradients) this.update(name, gradient, learningRate);
    return loss / inputs.length;
  }

  private backward(
    window: readonly number[],
    target: number,
    rows: number,
    gradients: ReadonlyMap<string, Float64Array>,
  ): number {
    const { layers, last, probabilities } = this.forward(window);
    const dLogits = probabilities.map((p, id) => (p - (id === target ? 1 : 0)) / rows);
    addOuter(gradients.get("dense/kernel")!, last, dLogits);
    addTo(gradients.get("dense/bias")!, dLogits);
    let dOutputs: Float64Array[] = window.map(() => new Float64Array(this.units.at(-1)!));
    dOutputs[window.length - 1] = transposedProduct(this.weight("dense/kernel"), dLogits, this.units.at(-1)!);
    for (const { name, width, inputs, states } of layers.reverse()) {
      const dInputs: Float64Array[] = [];
      let dh: Float64Array = new Float64Array(width);
      const dc: Float64Array = new Float64Array(width);
      for (let t = window.length - 1; t >= 0; t--) {
        const { gates, c, before } = states[t]!;
        const dz = new Float64Array(4 * width);
        for (let j = 0; j < width; j++) {
          const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates[gate * width + j]!) as [number, number, number, number];
          const tanhC = Math.tanh(c[j]!);
          const dhj = dh[j]! + dOutputs[t]![j]!;
          const dcj = dc[j]! + dhj * o * (1 - tanhC * tanhC);
          dz[j] = dcj * g * i * (1 - i);
          dz[width + j] = dcj * before.c[j]! * f * (1 - f);
          dz[2 * width + j] = dcj * i * (1 - g * g);
          dz[3 * width + j] = dhj * tanhC * o * (1 - o);
          dc[j] = dcj * f;
        }
        addOuter(gradients.get(`${name}/kernel`)!, inputs[t]!, dz);
        addOuter(gradients.get(`${name}/recurrent_kernel`)!, before.h, dz);
        addTo(gradients.get(`${name}/bias`)!, dz);
        dInputs[t] = transposedProduct(this.weight(`${name}/kernel`), dz, inputs[t]!.length);
        dh = transposedProduct(this.weight(`${name}/recurrent_kernel`), dz, width);
      }
      dOutputs = dInputs;
    }
    return -Math.log(probabilities[target]!);
  }

  /** Keras 3's arithmetic, one weight at a time. */
  private update(name: string, gradient: Float64Array, rate: number): void {
    const config = this.config!;
    const weight = this.weight(name);
    const slot = (kind: string) => {
      const key = `${name}/${kind}`;
      if (!this.slots.has(key)) this.slots.set(key, new Float64Array(weight.length));
      return this.slots.get(key)!;
    };
    gradient.forEach((g, at) => {
      if (config.name === "sgd") {
        const momentum = slot("momentum");
        momentum[at] = (config.momentum ?? 0) * momentum[at]! - rate * g;
        weight[at]! += momentum[at]!;
      } else if (config.name === "rmsprop") {
        const { rho = 0.9, momentum: keep = 0, epsilon = 1e-7 } = config;
        const [velocity, momentum] = [slot("velocity"), slot("momentum")];
        velocity[at] = rho * velocity[at]! + (1 - rho) * g * g;
        momentum[at] = keep * momentum[at]! + (rate * g) / Math.sqrt(velocity[at]! + epsilon);
        weight[at]! -= momentum[at]!;
      } else {
        const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = config;
        const { weightDecay = 0 } = config.name === "adamw" ? config : {};
        const [m, v] = [slot("m"), slot("v")];
        m[at]! += (g - m[at]!) * (1 - beta1);
        v[at]! += (g * g - v[at]!) * (1 - beta2);
        const alpha = (rate * Math.sqrt(1 - beta2 ** this.step)) / (1 - beta1 ** this.step);
        weight[at]! -= rate * weightDecay * weight[at]!;
        weight[at]! -= (alpha * m[at]!) / (Math.sqrt(v[at]!) + epsilon);
      }
    });
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Keras 2's and TensorFlow.js's. */
const hardSigmoid = (x: number) => Math.min(1, Math.max(0, 0.2 * x + 0.5));

const layerName = (k: number) => (k === 0 ? "lstm" : `lstm_${k}`);

function oneHot(id: number, size: number): Float64Array {
  const row = new Float64Array(size);
  row[id] = 1;
  return row;
}

function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const raised = logits.map((value) => Math.exp(value - largest));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
}

/** `result += x · matrix`. */
function addProduct(result: Float64Array, x: Float64Array, matrix: Float64Array): Float64Array {
  x.forEach((factor, row) => {
    for (let j = 0; j < result.length; j++) result[j]! += factor * matrix[row * result.length + j]!;
  });
  return result;
}

/** `matrix · y`. */
function transposedProduct(matrix: Float64Array, y: Float64Array, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    y.reduce((sum, value, j) => sum + value * matrix[row * y.length + j]!, 0),
  );
}

function addOuter(result: Float64Array, x: Float64Array, y: Float64Array): void {
  x.forEach((factor, row) => {
    for (let j = 0; j < y.length; j++) result[row * y.length + j]! += factor * y[j]!;
  });
}

function addTo(result: Float64Array, values: Float64Array): void {
  for (let j = 0; j < values.length; j++) result[j]! += values[j]!;
}
