import { lstmName } from "@charlstm/network";
import { reorderGates, transpose } from "../layers/layout.js";
import { OBJECTIVE_KEY } from "../objective.js";
import { checkModel, type PortableModel } from "../portable-model.js";
import { VOCABULARY_KEY } from "../vocabulary.js";
import { DataType, encodeModel, type Node, type Tensor, type Value } from "./proto.js";

/** The first operator set with LSTM-14, which the runtimes of 2021 and later have. */
const OPSET = 14;

/** ONNX orders gates i, o, f, c; Keras i, f, c, o. */
const GATE_ORDER = [0, 3, 1, 2];

/**
 * Writes an ONNX model that reads characters and carries its state in and out.
 *
 * - inputs: `ids` int64 `[batch, time]`; for each layer k `h{k}` and `c{k}`, float `[1, batch, units]` (zeros to start)
 * - outputs: `probabilities` and `logits`, float `[batch, time, characters]`, of every position; for each layer
 *   `h{k}_out` and `c{k}_out`, to be given back as `h{k}` and `c{k}` for the next characters
 *
 * Dropout is left out, since it only acts in training. The vocabulary is a JSON array in the metadata property
 * `charlstm_vocabulary`, the window's length is in `charlstm_window`, the objective in `charlstm_objective`.
 *
 * @throws {FormatError} `BAD_MODEL`.
 */
export function writeOnnx(model: PortableModel): Uint8Array {
  checkModel(model);
  const { vocabularySize, units, window, recurrentActivation } = model.architecture;
  // Without alpha and beta, ONNX's HardSigmoid is clip(0.2 x + 0.5).
  const activations = recurrentActivation ? { activations: ["HardSigmoid", "Tanh", "Tanh"] } : {};
  const weight = (name: string) => model.weights.find((tensor) => tensor.name === name)!;
  const nodes: Node[] = [
    // LSTM nodes want time first.
    { type: "Transpose", inputs: ["ids"], outputs: ["ids_by_time"], attributes: { perm: [1, 0] } },
    { type: "OneHot", inputs: ["ids_by_time", "depth", "off_on"], outputs: ["x0"], attributes: { axis: -1 } },
  ];
  const initializers: Tensor[] = [
    { name: "depth", shape: [], values: [vocabularySize] },
    { name: "off_on", shape: [2], values: Float32Array.of(0, 1) },
    { name: "direction_axis", shape: [1], values: [1] },
  ];
  const inputs: Value[] = [{ name: "ids", type: DataType.INT64, shape: ["batch", "time"] }];
  const outputs: Value[] = ["probabilities", "logits"].map((name) => ({
    name,
    type: DataType.FLOAT,
    shape: ["batch", "time", vocabularySize],
  }));
  units.forEach((width, k) => {
    const state = (name: string): Value => ({ name, type: DataType.FLOAT, shape: [1, "batch", width] });
    inputs.push(state(`h${k}`), state(`c${k}`));
    outputs.push(state(`h${k}_out`), state(`c${k}_out`));
    const layer = lstmName(k);
    initializers.push(
      gateMatrix(`W${k}`, weight(`${layer}/kernel`)),
      gateMatrix(`R${k}`, weight(`${layer}/recurrent_kernel`)),
      gateBias(`B${k}`, weight(`${layer}/bias`).values),
    );
    nodes.push({
      type: "LSTM",
      inputs: [`x${k}`, `W${k}`, `R${k}`, `B${k}`, "", `h${k}`, `c${k}`],
      outputs: [`y${k}`, `h${k}_out`, `c${k}_out`],
      attributes: { hidden_size: width, ...activations },
    });
    nodes.push({ type: "Squeeze", inputs: [`y${k}`, "direction_axis"], outputs: [`x${k + 1}`] });
  });
  initializers.push(
    { ...weight("dense/kernel"), name: "dense_kernel" },
    { ...weight("dense/bias"), name: "dense_bias" },
  );
  nodes.push(
    { type: "Transpose", inputs: [`x${units.length}`], outputs: ["hidden"], attributes: { perm: [1, 0, 2] } },
    { type: "MatMul", inputs: ["hidden", "dense_kernel"], outputs: ["scores"] },
    { type: "Add", inputs: ["scores", "dense_bias"], outputs: ["logits"] },
    { type: "Softmax", inputs: ["logits"], outputs: ["probabilities"], attributes: { axis: -1 } },
  );
  const metadata: Record<string, string> = { charlstm_window: String(window) };
  if (model.vocabulary) metadata[VOCABULARY_KEY] = JSON.stringify(model.vocabulary);
  if (model.objective) metadata[OBJECTIVE_KEY] = model.objective;
  return encodeModel({ name: "char_lstm", nodes, initializers, inputs, outputs, metadata }, OPSET);
}

/** `[in, 4H]` with i, f, c, o becomes `[1, 4H, in]` with i, o, f, c. */
function gateMatrix(name: string, tensor: { shape: readonly number[]; values: Float32Array }): Tensor {
  const { shape, values } = transpose(tensor);
  return { name, shape: [1, ...shape], values: reorderGates(values, GATE_ORDER) };
}

/** ONNX has two biases, which it adds: Keras's one and zeros. */
function gateBias(name: string, bias: Float32Array): Tensor {
  const values = new Float32Array(2 * bias.length);
  values.set(reorderGates(bias, GATE_ORDER));
  return { name, shape: [1, values.length], values };
}
