import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEngine, type Engine } from "@charlstm/engine";
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
const base = { ...randomModel(architecture), objective: "sequence" as const };
const models = {
  rmsprop: withOptimizer(base, { name: "rmsprop" }, 0),
  adam: withOptimizer(base, { name: "adam" }, 40),
  adamw: withOptimizer(base, { name: "adamw", weightDecay: 0.01 }, 40),
  sgd: withOptimizer(base, { name: "sgd", momentum: 0.9 }, 2),
};
/** A model whose gates Keras 3 has by another function of that name. */
const hard = { ...base, architecture: { ...architecture, recurrentActivation: "hard_sigmoid" as const } };
const clipped = { ...models.adam, optimizer: { ...models.adam.optimizer!, clipNorm: 0.05 } };
const windows = randomWindows(100, architecture);
const random = repeatable(6);
const batches = Array.from({ length: 10 }, (_, n) => ({
  inputs: randomWindows(16, architecture, 50 + n),
  targets: Array.from({ length: 16 }, () => Math.floor(random() * 13)),
}));

/** Writes every file, lets the real programs use them, and returns what they said. */
async function check(folder: string): Promise<Answer> {
  const files: Record<string, Uint8Array> = {
    "plain.h5": writeKerasH5(base),
    "dropout.keras": writeKerasV3({ ...base, architecture: { ...architecture, dropout: 0.3 } }),
    "hard.keras": writeKerasV3(hard),
    "clipped.keras": writeKerasV3(clipped),
    "model.onnx": writeOnnx(base),
    "model.safetensors": writeSafetensors(base),
  };
  for (const [name, model] of Object.entries(models)) files[`${name}.keras`] = writeKerasV3(model);
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

/** The engine with a model's weights and, when it has an optimizer, its slots. */
async function engineOf({ architecture, weights, optimizer }: PortableModel): Promise<Engine> {
  const { vocabularySize, units, window } = architecture;
  const engine = await createEngine({
    ...{ vocabularySize, units, length: window, rows: 16, objective: "window", threads: 1 },
    ...(optimizer ? { optimizer: optimizer.config } : {}),
  });
  engine.writeWeights(weights);
  if (optimizer) engine.writeOptimizer({ ...optimizer.state, slots: [...optimizer.state.slots] });
  return engine;
}

/** Both the plain reference and the engine predict what the real program did. */
async function expectPredictions(model: PortableModel, { probabilities }: Use): Promise<void> {
  const network = new ReferenceNetwork(model);
  const engine = await engineOf(model);
  const stream = engine.openStream();
  const zeros = stream.readState();
  expect(probabilities).toHaveLength(100);
  windows.forEach((window, row) => {
    expectClose(probabilities[row]!, network.predict(window), PROBABILITIES);
    stream.writeState(zeros);
    let logits = new Float32Array(0);
    for (const id of window) logits = Float32Array.from(stream.step([id]));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    expectClose(
      Array.from(logits, (logit) => Math.exp(logit) / total),
      probabilities[row]!,
      PROBABILITIES,
    );
  });
  await engine.dispose();
}

/** Ten further steps, here by the plain reference and by the engine, lose what they lost in the real program. */
async function expectLosses(model: PortableModel, { losses = [] }: Use): Promise<void> {
  const network = new ReferenceNetwork(model);
  const rate = model.optimizer!.learningRate!;
  expect(losses).toHaveLength(10);
  expectClose(
    losses,
    batches.map(({ inputs, targets }) => network.train(inputs, targets, rate)),
    LOSSES,
  );
  const engine = await engineOf(model);
  const engineLosses: number[] = [];
  for (const { inputs, targets } of batches) {
    const batch = {
      inputs: Uint8Array.from(inputs.flat()),
      targets: Uint8Array.from(targets),
      rows: 16,
      length: architecture.window,
    };
    engineLosses.push((await engine.trainBatch(batch, rate)).loss);
  }
  await engine.dispose();
  expectClose(engineLosses, losses, LOSSES);
}

const reason = "skipped: no Python with Keras, set CHARLSTM_PYTHON";
const suite = python ? describe : describe.skip;

suite(`the real Keras, ONNX Runtime and safetensors${python ? "" : ` (${reason})`}`, () => {
  test("open what is written here, compute the same, and write what is read here", { timeout: 300_000 }, async () => {
    const folder = temporaryFolder();
    const answer = await check(folder);
    expect(answer.versions.keras).toMatch(/^3\./);

    const { "hard.keras": hardUse, ...uses } = answer.keras;
    for (const use of Object.values(uses)) await expectPredictions(base, use);
    const network = new ReferenceNetwork(hard);
    for (const [row, window] of windows.entries())
      expectClose(hardUse!.probabilities[row]!, network.predict(window), PROBABILITIES);
    // Ten steps with so small a norm lead elsewhere: it was heard.
    expect(answer.keras["clipped.keras"]!.losses).not.toEqual(answer.keras["adam.keras"]!.losses);
    for (const [name, model] of Object.entries(models)) await expectLosses(model, answer.keras[`${name}.keras`]!);

    await expectPredictions(base, answer.onnx["model.onnx"]!);
    const facts = answer.onnx["model.onnx"]!.metadata;
    expect(JSON.parse(facts.charlstm_vocabulary!)).toEqual(base.vocabulary);
    expect(facts.charlstm_objective).toBe(base.objective);

    const { metadata, sum } = answer.safetensors["model.safetensors"]!;
    expect(JSON.parse(metadata.charlstm_vocabulary!)).toEqual(base.vocabulary);
    expect(metadata.charlstm_objective).toBe(base.objective);
    const expected = base.weights.flatMap(({ values }) => Array.from(values, Math.abs)).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(expected, 3);

    for (const [name, use] of Object.entries(answer.made)) {
      for (const extension of ["h5", "keras"]) {
        const model = readKeras(new Uint8Array(readFileSync(join(folder, `made-${name}.${extension}`))));
        expect(model.warnings).toEqual([]);
        await expectPredictions(model, use);
        await expectLosses(model, use);
      }
    }
  });
});
