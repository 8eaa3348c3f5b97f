import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { openHdf5 } from "../src/hdf5/read.js";
import {
  type ImportedModel,
  portableFromCheckpoint,
  readKeras,
  readSafetensors,
  readTfjsLayersModel,
  writeKerasH5,
  writeKerasV3,
  writeSafetensors,
} from "../src/index.js";
import { fixture, tfjsFixture } from "./fixtures.js";
import { randomModel, withOptimizer } from "./models.js";

interface Config {
  compile_config: { optimizer: unknown };
}

/** A fixture's model whose file says something else about its optimizer. */
function withOptimizerSaid(change: (optimizer: Record<string, unknown>) => unknown): ImportedModel {
  const entries = unzipSync(fixture("keras-3.15-adam-two-layers.keras"));
  const config = JSON.parse(new TextDecoder().decode(entries["config.json"])) as Config;
  config.compile_config.optimizer = change(config.compile_config.optimizer as Record<string, unknown>);
  return readKeras(zipSync({ ...entries, "config.json": strToU8(JSON.stringify(config)) }, { level: 0 }));
}

const original = readKeras(fixture("keras-3.15-adam-two-layers.keras"));

test.each(["adam", "Adam"])(
  "an optimizer that was given to compile as the word %s, and is kept so, is read with its state",
  (word) => {
    const read = withOptimizerSaid(() => word);
    expect(read.optimizer).toEqual(original.optimizer);
    expect(read.warnings).toEqual([]);
  },
);

describe("whatever is odd about an optimizer, the model is read without it, and a warning says why", () => {
  const settings = (more: object) => (optimizer: Record<string, unknown>) => ({
    ...optimizer,
    config: { ...(optimizer.config as object), ...more },
  });
  test.each<[string, (optimizer: Record<string, unknown>) => unknown]>([
    ["an unknown word", () => "lion"],
    ["a name that every object has", () => "constructor"],
    ["another optimizer's name", () => "rmsprop"],
    ["a number", () => 7],
    ["a list", () => ["adam"]],
    ["no settings", () => ({ class_name: "Adam" })],
    ["a class that is no text", () => ({ class_name: { toString: 1 }, config: {} })],
    ["rates beyond 1", settings({ beta_1: 1.5 })],
    ["an epsilon below 0", settings({ epsilon: -1 })],
    ["amsgrad", settings({ amsgrad: true })],
  ])("%s", (_, change) => {
    const read = withOptimizerSaid(change);
    expect(read.weights).toEqual(original.weights);
    expect(read.optimizer).toBeUndefined();
    expect(read.warnings).toEqual([expect.stringMatching(/left out|has no counterpart/)]);
  });

  test("state that is not finite", () => {
    const model = withOptimizer(randomModel({ vocabularySize: 5, window: 4, units: [3], dropout: 0 }), {
      name: "adam",
    });
    model.optimizer!.state.slots[2]!.values[1] = Number.NaN;
    for (const bytes of [writeKerasH5(model), writeKerasV3(model)]) {
      const read = readKeras(bytes);
      expect(read.weights).toEqual(model.weights);
      expect([read.optimizer, read.warnings]).toEqual([undefined, [expect.stringMatching(/not finite/)]]);
    }
  });

  test("in a tfjs model", () => {
    const { modelJson, weights } = tfjsFixture("tfjs-converter-shards");
    const json = JSON.parse(modelJson) as Record<string, unknown>;
    for (const name of ["Nadam", "constructor", "__proto__"]) {
      json.trainingConfig = { optimizer_config: { class_name: name, config: {} } };
      const read = readTfjsLayersModel({ modelJson: JSON.stringify(json), weights });
      expect(read.optimizer).toBeUndefined();
      expect(read.warnings).toEqual([expect.stringMatching(/has no counterpart here/)]);
    }
  });
});

test("a schedule is taken at its value for the step that the file tells", () => {
  const schedule = {
    class_name: "ExponentialDecay",
    config: { initial_learning_rate: 0.01, decay_steps: 3, decay_rate: 0.5 },
  };
  const entries = unzipSync(fixture("keras-2.13-adam-two-layers.keras"));
  const config = JSON.parse(new TextDecoder().decode(entries["config.json"])) as Config;
  const { config: settings } = config.compile_config.optimizer as { config: Record<string, unknown> };
  settings.learning_rate = schedule;
  const said = zipSync({ ...entries, "config.json": strToU8(JSON.stringify(config)) }, { level: 0 });
  const read = readKeras(said);
  expect(read.optimizer).toMatchObject({ state: { step: 3 }, learningRate: 0.005 });
  expect(read.warnings).toEqual([expect.stringMatching(/followed ExponentialDecay: it stays .* step 3, 0.005/)]);
});

test.each([
  ["h5", writeKerasH5],
  ["keras", writeKerasV3],
] as const)(
  "the largest norm of a gradient goes out as .%s and comes back, and Keras's two other ways to clip are told",
  (_, writer) => {
    const model = withOptimizer(randomModel({ vocabularySize: 5, window: 4, units: [3], dropout: 0 }), {
      name: "adam",
    });
    const clipped = { ...model, optimizer: { ...model.optimizer!, clipNorm: 5 } };
    const read = readKeras(writer(clipped));
    expect(read.optimizer?.clipNorm).toBe(5);
    expect(read.warnings).toEqual([]);
    expect(withOptimizerSaid((said) => ({ ...said, config: { clipvalue: 0.5 } })).warnings).toEqual([
      expect.stringMatching(/clipvalue 0.5\): set it again/),
    ]);
  },
);

describe("a checkpoint's optimizer goes out with the rate that the run had reached", () => {
  const { optimizer, vocabulary, ...model } = withOptimizer(
    randomModel({ vocabularySize: 5, window: 4, units: [3], dropout: 0 }),
    { name: "adam" },
  );
  const settings = { optimizer: { name: "adam", beta1: 0.8 }, learningRate: 0.007, clipNorm: 5 };
  const checkpoint = {
    ...{ ...model, vocabulary: vocabulary!, objective: "sequence" as const, optimizer: optimizer!.state },
    ...{ settings, history: [{ learningRate: 0.005 }, { learningRate: 0.00014 }], metadata: {} },
  };

  test.each([
    ["at the end of an epoch", {}, 0.00014],
    ["inside one", { progress: { stepInEpoch: 3, sums: { learningRate: 0.0009 } } }, 0.0009],
    ["before the first", { history: [] }, 0.007],
    ["of a run that kept no rate", { history: [{}], settings: { ...settings, learningRate: undefined } }, undefined],
  ])("%s", (_, change, learningRate) => {
    const portable = portableFromCheckpoint({ ...checkpoint, ...change });
    expect(portable.optimizer).toEqual({
      ...{ config: { name: "adam", beta1: 0.8 }, state: optimizer!.state, clipNorm: 5 },
      ...(learningRate === undefined ? {} : { learningRate }),
    });
  });

  test.each([undefined, null, "adam", { name: "constructor" }, { name: "sgd" }, { name: "__proto__" }])(
    "not when the settings say %j of it",
    (said) => {
      const portable = portableFromCheckpoint({ ...checkpoint, settings: { ...settings, optimizer: said } });
      expect(portable).not.toHaveProperty("optimizer");
    },
  );
});

describe("a written .keras file holds the optimizer where Keras 3 looks for it", () => {
  const model = randomModel({ vocabularySize: 5, window: 4, units: [3], dropout: 0 });

  test.each([
    ["Adam", { name: "adam" }, ["m", "v"], true],
    ["AdamW", { name: "adamw" }, ["m", "v"], true],
    ["RMSprop", { name: "rmsprop" }, ["velocity"], false],
    ["RMSprop", { name: "rmsprop", momentum: 0.5 }, ["velocity", "momentum"], false],
    ["SGD", { name: "sgd", momentum: 0.9 }, ["momentum"], false],
  ] as const)("%s %j", (className, config, slots, alternates) => {
    const { optimizer, ...rest } = withOptimizer(model, config, 12);
    const entries = unzipSync(writeKerasV3({ ...rest, optimizer: optimizer! }));
    const { compile_config: compiled } = JSON.parse(new TextDecoder().decode(entries["config.json"])) as Config;
    expect(compiled.optimizer).toMatchObject({ class_name: className, config: { learning_rate: 0.0078125 } });

    const file = openHdf5(entries["model.weights.h5"]!);
    const read = (index: number) => [...file.dataset(`optimizer/vars/${index}`)!.values];
    expect([read(0), read(1)]).toEqual([[12], [0.0078125]]);
    const names = model.weights.map(({ name }) => name);
    // Adam makes both slots of a weight before it goes on to the next, the others all of one slot before those of the next.
    const order = alternates
      ? names.flatMap((name) => slots.map((slot) => `${name}/${slot}`))
      : slots.flatMap((slot) => names.map((name) => `${name}/${slot}`));
    for (const [index, slot] of order.entries()) {
      const { values } = optimizer!.state.slots.find(({ name }) => name === slot)!;
      expect([slot, read(index + 2)]).toEqual([slot, [...values]]);
    }
    expect(file.has(`optimizer/vars/${order.length + 2}`)).toBe(false);
  });
});

describe("safetensors for going on with a training", () => {
  test.each(["rmsprop", "adam", "adamw", "sgd"] as const)(
    "bring %s's state back, with layers of one width and of several",
    (name) => {
      for (const units of [
        [3, 3],
        [4, 2],
      ]) {
        const model = withOptimizer(randomModel({ vocabularySize: 5, units, window: 6, dropout: 0 }), { name });
        const state = { shape: [2], values: Float32Array.of(1, 2) };
        const bytes = writeSafetensors(model, { tensors: new Map([["state.h.0", state]]) });
        const read = readSafetensors(bytes);
        expect(read.optimizer).toEqual(model.optimizer);
        expect(read.weights).toEqual(model.weights);
        expect(read.warnings).toEqual([]);
      }
    },
  );

  test("and without one hold the weights alone, as load_state_dict wants them", () => {
    const model = withOptimizer(randomModel({ vocabularySize: 5, units: [3], window: 6, dropout: 0 }), {
      name: "adam",
    });
    expect(readSafetensors(writeSafetensors(model)).optimizer).toBeUndefined();
    expect(new TextDecoder().decode(writeSafetensors(model))).not.toContain("optimizer");
  });
});
