import { expectClose } from "@charlstm/testing";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { writeOnnx } from "../src/index.js";
import { randomModel, randomWindows } from "./models.js";
import { ReferenceNetwork } from "./reference.js";

type Feeds = Record<string, Tensor>;

/** Empty states of a model's layers, as the ONNX graph wants them. */
function zeroStates(units: readonly number[], batch: number): Feeds {
  const zeros = (width: number) => new Tensor("float32", new Float32Array(batch * width), [1, batch, width]);
  return Object.fromEntries(
    units.flatMap((width, k) => [
      [`h${k}`, zeros(width)],
      [`c${k}`, zeros(width)],
    ]),
  );
}

const idsOf = (windows: readonly (readonly number[])[]) =>
  new Tensor("int64", BigInt64Array.from(windows.flat(), BigInt), [windows.length, windows[0]!.length]);

describe.each([
  [[6], {}],
  [[5, 3], {}],
  [[4, 4, 4], {}],
  [[5, 3], { recurrentActivation: "hard_sigmoid" as const }],
])("an ONNX file with LSTM layers of %j units %o", (units, gates) => {
  const model = randomModel({ vocabularySize: 9, window: 7, units, dropout: 0.2, ...gates });
  const windows = randomWindows(100, model.architecture);

  test("predicts in ONNX Runtime what the network predicts", async () => {
    const session = await InferenceSession.create(writeOnnx(model));
    const { probabilities } = await session.run({ ids: idsOf(windows), ...zeroStates(units, windows.length) });
    expect(probabilities!.dims).toEqual([100, 7, 9]);
    const network = new ReferenceNetwork(model);
    windows.forEach((window, row) => {
      const end = (row + 1) * 7 * 9;
      expectClose((probabilities!.data as Float32Array).slice(end - 9, end), network.predict(window), 1e-5);
    });
  });

  test("gives the same logits character by character, its state carried along", async () => {
    const session = await InferenceSession.create(writeOnnx(model));
    const whole = await session.run({ ids: idsOf([windows[0]!]), ...zeroStates(units, 1) });
    let states = zeroStates(units, 1);
    for (const [position, id] of windows[0]!.entries()) {
      const output = await session.run({ ids: idsOf([[id]]), ...states });
      const expected = (whole.logits!.data as Float32Array).slice(9 * position, 9 * (position + 1));
      expectClose(output.logits!.data as Float32Array, expected, 1e-5);
      states = Object.fromEntries(Object.keys(states).map((name) => [name, output[`${name}_out`] as Tensor]));
    }
  });
});

test("an ONNX file names its inputs, outputs and vocabulary", async () => {
  const model = randomModel({ vocabularySize: 9, window: 7, units: [3], dropout: 0 });
  const bytes = writeOnnx(model);
  const session = await InferenceSession.create(bytes);
  expect(session.inputNames).toEqual(["ids", "h0", "c0"]);
  expect(session.outputNames).toEqual(["probabilities", "logits", "h0_out", "c0_out"]);
  expect(new TextDecoder().decode(bytes)).toContain(JSON.stringify(model.vocabulary));
});
