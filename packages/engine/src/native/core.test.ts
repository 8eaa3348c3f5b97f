// What becomes of a library's failures, without one that fails at hand; that a panic in the library is such a failure is tested
// there (packages/engine-native/src/tests.rs).
import { expect, test } from "vitest";
import { CheckedEngine } from "../checked-engine.js";
import { inspectHost } from "../host.js";
import { readOptions } from "../options.js";
import { listParameters } from "../parameters.js";
import type { Binding } from "./binding.js";
import { createNativeCore } from "./core.js";

const batch = { inputs: new Uint8Array(6), targets: new Uint8Array(2), rows: 2, length: 3 };

function failing(
  name: keyof Binding,
  code: string,
  message: string,
): { engine: () => CheckedEngine; closed: string[] } {
  const closed: string[] = [];
  const fail = () => {
    throw Object.assign(new Error(message), { code });
  };
  const library = {
    create: () => [{}, 1000],
    step: async () => [1, 0, 1, 1],
    stop: () => closed.push("stop"),
    close: () => closed.push("close"),
    ...{ read() {}, write() {}, readState() {}, writeState() {}, resetState() {} },
    [name]: name === "step" ? async () => fail() : fail,
  } as unknown as Binding;
  const settings = readOptions({ vocabularySize: 4, units: [5], rows: 2, length: 3 });
  const parameters = listParameters(4, [5]);
  const engine = () =>
    new CheckedEngine(
      settings,
      parameters,
      createNativeCore(inspectHost(), settings, parameters, { binding: library, build: "avx2" }),
    );
  return { engine, closed };
}

test("a thread that panics is a typed error, and closes the engine", async () => {
  const { engine, closed } = failing("step", "WORKER_FAILED", "a thread failed in the middle of a step: index");
  const failed = engine();
  await expect(failed.trainBatch(batch, 0.1)).rejects.toMatchObject({
    name: "EngineError",
    code: "WORKER_FAILED",
    message:
      "a thread failed in the middle of a step: index; the engine is closed: make a new one, from the last saved weights",
  });
  expect(closed).toEqual(["stop", "close"]);
  await expect(failed.trainBatch(batch, 0.1)).rejects.toMatchObject({ code: "CLOSED" });
  expect(() => failed.readWeights()).toThrow(expect.objectContaining({ code: "CLOSED" }));
});

test.each(["WORKER_FAILED", "CLOSED"])("%s of any other call is a typed error, too", (code) => {
  const calls: [keyof Binding, (engine: CheckedEngine) => unknown][] = [
    ["read", (engine) => engine.readWeights()],
    ["write", (engine) => engine.writeWeights(new Array(5).fill(0).map((_, at) => zeros(at)))],
    ["resetState", (engine) => engine.resetState()],
  ];
  for (const [name, call] of calls) {
    const { engine } = failing(name, code, "x");
    expect(() => call(engine()), name).toThrow(expect.objectContaining({ name: "EngineError", code }));
  }
});

function zeros(at: number) {
  const { name, shape } = listParameters(4, [5]).list[at]!;
  return { name, shape: [...shape], values: new Float32Array(shape.reduce((a, b) => a * b)) };
}

test("memory that the machine does not give is a typed error, when the engine is made and in a step", async () => {
  const error = {
    name: "EngineError",
    code: "OUT_OF_MEMORY",
    details: { bytes: 2 ** 21 },
    message: expect.stringContaining("needs 2 MiB of memory, which this machine does not give"),
  };
  expect(failing("create", "OUT_OF_MEMORY", String(2 ** 21)).engine).toThrow(expect.objectContaining(error));
  const { engine } = failing("step", "OUT_OF_MEMORY", String(2 ** 21));
  await expect(engine().scoreBatch(batch)).rejects.toMatchObject(error);
});
