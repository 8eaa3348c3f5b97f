import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expectClose, temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import {
  type PortableModel,
  readKeras,
  writeKerasH5,
  writeKerasV3,
  writeOnnx,
  writeSafetensors,
} from "../src/index.js";
import { randomModel, randomWindows, repeatable, withOptimizer } from "./models.js";
import { ReferenceNetwork } from "./reference.js";

/** A Python that has the packages of python/requirements.txt. */
const python = process.env.CHARLSTM_PYTHON;
const script = fileURLToPath(new URL("../python/check.py", import.meta.url));

const PROBABILITIES = 1e-5;
const LOSSES = 1e-3;

interface Use {
  readonly probabilities: number[][];
  readonly losses?: number[];
}

interface Answer {
  readonly versions: { readonly keras: string };
  readonly keras: Record<string, Use>;
  readonly onnx: Record<string, Use & { metadata: Record<string, string> }>;
  readonly safetensors: Record<string, { metadata: Record<string, string>; sum: number }>;
  readonly made: Record<string, Use>;
}

const architecture = { vocabularySize: 13, window: 10, units: [12, 8], dropout: 0 };
const base = randomModel(architecture);
const models = {
  rmsprop: withOptimizer(base, { name: "rmsprop" }, 0),
  adam: withOptimizer(base, { name: "adam" }, 40),
  adamw: withOptimizer(base, { name: "adamw", weightDecay: 0.01 }, 40),
  sgd: withOptimizer(base, { name: "sgd", momentum: 0.9 }, 2),
};
const windows = randomWindows(100, architecture);
const random = repeatable(6);
const batches = Array.from({ length: 10 }, (_, n) => ({
  inputs: randomWindows(16, architecture, 50 + n),
  targets: Array.from({ length: 16 }, () => Math.floor(random() * 13)),
}));

/** Writes every file, lets the real programs use them, and returns what they said. */
async function check(folder: string): Promise<Answer> {
  const files: Record<string, Uint8Array> = {
    "plain.h5": await writeKerasH5(base),
    "dropout.keras": await writeKerasV3({ ...base, architecture: { ...architecture, dropout: 0.3 } }),
    "model.onnx": writeOnnx(base),
    "model.safetensors": writeSafetensors(base),
  };
  for (const [name, model] of Object.entries(models)) files[`${name}.keras`] = await writeKerasV3(model);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const ending = (end: string) => Object.keys(files).filter((name) => name.endsWith(end));
  const request = {
    characters: architecture.vocabularySize,
    window: architecture.window,
    windows,
    batches,
    keras: [...ending(".h5"), ...ending(".keras")],
    onnx: ending(".onnx"),
    safetensors: ending(".safetensors"),
  };
  writeFileSync(join(folder, "request.json"), JSON.stringify(request));
  await promisify(execFile)(python!, [script, folder], {
    timeout: 240_000,
    env: { ...process.env, KERAS_BACKEND: "jax" },
  });
  return JSON.parse(readFileSync(join(folder, "answer.json"), "utf8")) as Answer;
}

function expectPredictions(model: PortableModel, { probabilities }: Use): void {
  const network = new ReferenceNetwork(model);
  expect(probabilities).toHaveLength(100);
  windows.forEach((window, row) => {
    expectClose(probabilities[row]!, network.predict(window), PROBABILITIES);
  });
}

function expectLosses(model: PortableModel, { losses = [] }: Use): void {
  const network = new ReferenceNetwork(model);
  const rate = model.optimizer!.learningRate!;
  expect(losses).toHaveLength(10);
  expectClose(
    losses,
    batches.map(({ inputs, targets }) => network.train(inputs, targets, rate)),
    LOSSES,
  );
}

const reason = "skipped: no Python with Keras, set CHARLSTM_PYTHON";
const suite = python ? describe : describe.skip;

suite(`the real Keras, ONNX Runtime and safetensors${python ? "" : ` (${reason})`}`, () => {
  test("open what is written here, compute the same, and write what is read here", { timeout: 300_000 }, async () => {
    const folder = temporaryFolder();
    const answer = await check(folder);
    expect(answer.versions.keras).toMatch(/^3\./);

    for (const use of Object.values(answer.keras)) expectPredictions(base, use);
    for (const [name, model] of Object.entries(models)) expectLosses(model, answer.keras[`${name}.keras`]!);

    expectPredictions(base, answer.onnx["model.onnx"]!);
    expect(JSON.parse(answer.onnx["model.onnx"]!.metadata.charlstm_vocabulary!)).toEqual(base.vocabulary);

    const { metadata, sum } = answer.safetensors["model.safetensors"]!;
    expect(JSON.parse(metadata.charlstm_vocabulary!)).toEqual(base.vocabulary);
    const expected = base.weights.flatMap(({ values }) => Array.from(values, Math.abs)).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(expected, 3);

    for (const [name, use] of Object.entries(answer.made)) {
      for (const extension of ["h5", "keras"]) {
        const model = readKeras(new Uint8Array(readFileSync(join(folder, `made-${name}.${extension}`))));
        expect(model.warnings).toEqual([]);
        expectPredictions(model, use);
        expectLosses(model, use);
      }
    }
  });
});
