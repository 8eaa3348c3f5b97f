import { expect, test } from "vitest";
import { countOperations, measureBarrier, measureKernels } from "../src/benchmark.js";
import { inspectBuilds, isNativeBuild, type Objective } from "../src/index.js";

/** Multiplications of a vector by a matrix, one by one: forward, for the gradient below, and for the matrix's own. */
function counted(shape: Parameters<typeof countOperations>[0]): number {
  let operations = 0;
  const product = (inputs: number, outputs: number) => {
    for (const _ of ["forward", "below", "weights"]) operations += shape.rows * inputs * outputs * 2;
  };
  for (let time = 0; time < shape.length; time++) {
    for (const [layer, width] of shape.units.entries()) {
      // A window starts from a state of zeros.
      if (time > 0 || shape.objective === "sequence") product(width, 4 * width);
      // The first layer's inputs are one-hot: a look-up.
      if (layer > 0) product(shape.units[layer - 1]!, 4 * width);
    }
    if (shape.objective === "sequence" || time === shape.length - 1) product(shape.units.at(-1)!, shape.vocabularySize);
  }
  return operations;
}

test.each<[Objective, number[]]>([
  ["window", [128]],
  ["sequence", [128]],
  ["window", [8, 12, 4]],
  ["sequence", [8, 12, 4]],
])("the operations of a step of the %s objective with %j units are those of its products", (objective, units) => {
  const shape = { vocabularySize: 59, units, rows: 16, length: 7, objective };
  expect(countOperations(shape)).toBe(counted(shape));
});

const { builds } = inspectBuilds();

test.each(builds)("the speeds of the %s build are measured, each by its name", (build) => {
  const speed = measureKernels({ build, units: 16, rows: 8, rounds: 1 });
  expect(speed).toEqual({
    build,
    peak: expect.toSatisfy(isSpeed),
    products: ["forward", "backward", "weights"].map((name) => ({ name, gigaflops: expect.toSatisfy(isSpeed) })),
  });
});

test.each([{ units: 0 }, { units: 1e6 }, { rows: 2.5 }, { rows: Number.NaN }, { rounds: 0 }])(
  "what cannot be measured, %o, is refused",
  (wrong) => {
    expect(() => measureKernels(wrong)).toThrow(expect.objectContaining({ name: "EngineError", code: "BAD_OPTION" }));
  },
);

test.runIf(builds.some(isNativeBuild))("a barrier takes some time, of one thread or more", () => {
  for (const threads of [1, 2, 3]) expect(measureBarrier(threads)).toSatisfy(isSpeed);
  expect(() => measureBarrier(0)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
});

const isSpeed = (value: number) => Number.isFinite(value) && value > 0;
