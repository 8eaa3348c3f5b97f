// The engine over the library that is here, beside WebAssembly, where none is missing.
import { describe, expect, onTestFinished, test } from "vitest";
import { inspectBuilds } from "../builds.js";
import { createEngine } from "../create.js";
import type { Engine } from "../engine.js";
import type { EngineOptions } from "../options.js";
import { type Build, isNativeBuild, type NamedTensor } from "../types.js";

const native = inspectBuilds().builds.find(isNativeBuild);
const [V, N, T] = [7, 6, 5];
const options = { vocabularySize: V, units: [5, 3], rows: N, length: T, objective: "sequence", threads: 1 } as const;

/** An engine with weights that are neither zero nor alike. */
async function engineOf(build: Build, change: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await createEngine({ ...options, ...change, build });
  onTestFinished(() => engine.dispose());
  const wave = (at: number) => Math.sin(7 * at + 1) / 2;
  engine.writeWeights(engine.readWeights().map((each) => ({ ...each, values: each.values.map((_, at) => wave(at)) })));
  return engine;
}

const ids = (count: number, shift = 0) => Uint8Array.from({ length: count }, (_, at) => (3 * at + shift) % V);
const batch = { inputs: ids(N * T), targets: ids(N * T, 2), rows: N, length: T };

function expectNear(ours: readonly NamedTensor[], theirs: readonly NamedTensor[]): void {
  for (const [index, { name, values }] of ours.entries()) {
    for (const [at, value] of values.entries())
      expect(value, `${name}[${at}]`).toBeCloseTo(theirs[index]!.values[at]!, 4);
  }
}

describe.skipIf(!native)("a native build", () => {
  test("pads rows as WebAssembly does, and carries and keeps the same state", async () => {
    const lengths = [5, 1, 0, 3, 4, 2];
    const [ours, theirs] = [await engineOf(native!), await engineOf("simd")];
    for (const step of [1, 2, 3]) {
      const padded = { ...batch, inputs: ids(N * T, step), lengths };
      const [own, other] = [await ours.trainBatch(padded, 0.01), await theirs.trainBatch(padded, 0.01)];
      expect(own.loss).toBeCloseTo(other.loss, 5);
      expect(own.gradientNorm).toBeCloseTo(other.gradientNorm, 4);
    }
    expect((await ours.scoreBatch({ ...batch, lengths })).predictions).toBe(15);
    expectNear(ours.readWeights(), theirs.readWeights());
    expectNear(ours.readOptimizer().slots, theirs.readOptimizer().slots);
    const states = [ours, theirs].map((engine) => ({ name: "state", shape: [], values: engine.readState() }));
    expect(states[0]!.values).toHaveLength(2 * N * (5 + 3));
    expect(states[0]!.values.some((value) => value !== 0)).toBe(true);
    ours.writeState(states[0]!.values);
    expect(ours.readState()).toEqual(states[0]!.values);
  });

  test("has no state where rows are windows", async () => {
    const engine = await engineOf(native!, { objective: "window" });
    await engine.trainBatch({ ...batch, targets: ids(N) }, 0.01);
    expect(engine.readState()).toHaveLength(0);
    engine.writeState(new Float32Array());
  });

  test("counts no step that is not finite, and changes nothing by it", async () => {
    const engine = await engineOf(native!);
    const huge = engine.readWeights().map((each) => ({ ...each, values: each.values.map(() => 3e38) }));
    engine.writeWeights(huge);
    await engine.trainBatch(batch, 0.01);
    expect(engine.readOptimizer().step).toBe(0);
    expect(engine.readWeights()).toEqual(huge);
  });

  test("takes the memory that its purpose needs, and its streams' while they are open", async () => {
    const training = await engineOf(native!);
    const { bytes } = training;
    expect((await engineOf(native!, { purpose: "scoring" })).bytes).toBeLessThan(bytes);
    expect((await engineOf(native!, { dropout: 0.5 })).bytes).toBeGreaterThan(bytes);
    const stream = training.openStream(8);
    expect(training.bytes).toBeGreaterThan(bytes);
    stream.dispose();
    expect(training.bytes).toBe(bytes);
  });

  test("has no more threads than fours of rows", async () => {
    expect((await engineOf(native!, { threads: 8 })).threads).toBe(2);
    expect((await engineOf(native!, { threads: 1 })).threads).toBe(1);
  });
});
