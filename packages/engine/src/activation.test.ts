import { expect, test } from "vitest";
import { inspectHost } from "./host.js";
import { instantiate } from "./kernels.js";
import type { WasmBuild } from "./types.js";
import { compile } from "./wasm.js";

const AT = 1024;
const COUNT = 200_000;

/** `COUNT` numbers from `low` to `high` and what the kernel makes of them. */
function apply(build: WasmBuild, kind: number, low: number, high: number): { x: Float32Array; y: Float32Array } {
  const { module } = compile(inspectHost(), build, false);
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536 });
  const values = new Float32Array(memory.buffer, AT, COUNT);
  const x = Float32Array.from(values, (_, index) => low + ((high - low) * index) / (COUNT - 1));
  values.set(x);
  instantiate(module, memory).activation(kind, AT, COUNT);
  return { x, y: values };
}

const worst = (x: Float32Array, error: (x: number, index: number) => number) =>
  x.reduce((most, value, index) => Math.max(most, error(value, index)), 0);

test.each(["simd", "relaxed-simd"] as const)(
  "in the %s build sigmoid, tanh and exp keep their error bounds",
  (build) => {
    const sigmoid = apply(build, 0, -30, 30);
    expect(worst(sigmoid.x, (x, at) => Math.abs(sigmoid.y[at]! - 1 / (1 + Math.exp(-x))))).toBeLessThan(2e-7);
    const tanh = apply(build, 1, -12, 12);
    expect(worst(tanh.x, (x, at) => Math.abs(tanh.y[at]! - Math.tanh(x)))).toBeLessThan(4e-7);
    const exp = apply(build, 2, -86, 0);
    expect(worst(exp.x, (x, at) => Math.abs(exp.y[at]! / Math.exp(x) - 1))).toBeLessThan(2e-7);
  },
);

test("tanh of zero is zero, and far from zero every function is at its limit", () => {
  expect(apply("simd", 1, 0, 0).y[0]).toBe(0);
  expect([...apply("simd", 1, -1e30, 1e30).y.filter((_, at) => at === 0 || at === COUNT - 1)]).toEqual([-1, 1]);
  const ends = apply("simd", 0, -1e30, 1e30).y;
  expect(ends[0]).toBeLessThan(1e-7);
  expect(ends[COUNT - 1]).toBe(1);
  expect(apply("simd", 2, -1e4, -88).y.every((value) => value === 0)).toBe(true);
});
