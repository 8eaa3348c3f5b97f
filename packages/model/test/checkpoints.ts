// Checkpoints to try things on: fixed ones, and any that fast-check comes up with.
import { createRandom } from "@charlstm/sampling";
import fc from "fast-check";
import { sizeOf } from "../src/checkpoint/architecture.js";
import type { Architecture, Checkpoint, NamedTensor, OptimizerState } from "../src/checkpoint/types.js";
import { weightSpecs } from "../src/checkpoint-node.js";

/** One- to four-byte characters in UTF-8, astral ones among them, sorted by code point. */
const characters = [..."\n \"'\\aez\u00e9\u03c9\u4e2d\uffff\u{1d49c}\u{1f600}\u{10ffff}"];

const slotNames = {
  rmsprop: ["velocity", "momentum"],
  adam: ["m", "v"],
  adamw: ["m", "v"],
  sgd: ["momentum"],
} as const;

/** A checkpoint as a run leaves it, with every part that one may have; `step` tells one from another. */
export function sampleCheckpoint({
  step = 7,
  ...given
}: Partial<Architecture> & { step?: number } = {}): Required<Checkpoint> {
  const architecture = { vocabularySize: 3, window: 4, units: [2], dropout: 0, ...given };
  const random = createRandom(step);
  const filled = (name: string, shape: readonly number[]): NamedTensor => ({
    name,
    shape,
    values: Float32Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
  });
  const specs = weightSpecs(architecture);
  return {
    architecture,
    vocabulary: characters.slice(-architecture.vocabularySize),
    objective: "sequence",
    weights: specs.map(({ name, shape }) => filled(name, shape)),
    optimizer: { name: "rmsprop", step, slots: specs.map(({ name, shape }) => filled(`${name}/velocity`, shape)) },
    tensors: [filled("state/h", [1, architecture.units[0]!])],
    progress: { epoch: 1, step, random: [1, 2, 3, 4] },
    history: [{ epoch: 1, loss: 2.25 }],
    settings: { learningRate: 0.01 },
    metadata: { corpus: "a book" },
  };
}

export function architectures(): fc.Arbitrary<Architecture> {
  return fc.record({
    vocabularySize: fc.integer({ min: 1, max: 9 }),
    window: fc.integer({ min: 1, max: 9 }),
    units: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
    dropout: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
  });
}

/** Any checkpoint that may be saved. */
export function checkpoints(): fc.Arbitrary<Checkpoint> {
  return architectures().chain((architecture) => {
    const specs = weightSpecs(architecture);
    return fc.record(
      {
        architecture: fc.constant(architecture),
        vocabulary: vocabularies(architecture.vocabularySize),
        objective: fc.constantFrom("window" as const, "sequence" as const),
        weights: tensorsOf(specs),
        optimizer: optimizers(specs),
        tensors: fc
          .uniqueArray(fc.string({ unit: "binary" }), { maxLength: 3 })
          .chain((names) => fc.tuple(...names.map((name) => shapes().chain((shape) => tensor(`own ${name}`, shape))))),
        progress: jsonObjects(),
        history: fc.array(jsonObjects(), { maxLength: 3 }),
        settings: jsonObjects(),
        metadata: jsonObjects(),
      },
      { requiredKeys: ["architecture", "vocabulary", "objective", "weights", "history", "settings", "metadata"] },
    ) as fc.Arbitrary<Checkpoint>;
  });
}

/** Any characters of Unicode. */
function vocabularies(size: number): fc.Arbitrary<string[]> {
  const codePoint = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xffff }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
  );
  return fc
    .uniqueArray(codePoint, { minLength: size, maxLength: size })
    .map((codePoints) => codePoints.sort((a, b) => a - b).map((value) => String.fromCodePoint(value)));
}

function tensorsOf(specs: readonly { name: string; shape: readonly number[] }[]): fc.Arbitrary<NamedTensor[]> {
  return fc.tuple(...specs.map(({ name, shape }) => tensor(name, shape)));
}

/** Any finite numbers: subnormal ones and -0 too. */
function tensor(name: string, shape: readonly number[]): fc.Arbitrary<NamedTensor> {
  const length = sizeOf(shape);
  return fc
    .float32Array({ minLength: length, maxLength: length, noNaN: true, noDefaultInfinity: true })
    .map((values) => ({ name, shape, values: Float32Array.from(values) }));
}

function shapes(): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
}

function optimizers(specs: readonly { name: string; shape: readonly number[] }[]): fc.Arbitrary<OptimizerState> {
  return fc.constantFrom("rmsprop", "adam", "adamw", "sgd").chain((name) => {
    const slots = specs.flatMap(({ name: weight, shape }) =>
      slotNames[name].map((slot) => ({ name: `${weight}/${slot}`, shape })),
    );
    return fc.record({ name: fc.constant(name), step: fc.nat(), slots: fc.subarray(slots).chain(tensorsOf) });
  });
}

/** Objects that JSON gives back as they were: it has no -0. */
function jsonObjects(): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { maxKeys: 3 })
    .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
}
