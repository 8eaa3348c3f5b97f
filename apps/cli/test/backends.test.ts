import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNovel } from "@charlstm/novel";
import { expectClose, temporaryFolder } from "@charlstm/testing";
import type { Backend, EngineBackendOptions } from "@charlstm/training";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBackend } from "../src/backends/backends.js";
import { chooseBackend } from "../src/backends/choose-backend.js";
import { invoke, ioIn as ioInFolder, type Outcome } from "./invoke.js";
import { installStandIn } from "./stand-in.js";

const options: EngineBackendOptions = {
  architecture: { vocabularySize: 11, window: 5, units: [8], dropout: 0 },
  objective: "window",
  optimizer: { name: "rmsprop" },
  rows: 4,
  seed: 1,
  threads: 1,
};

/** Native packages are looked for in the folder of a test when it is named. */
function command(folder: string, ...argv: string[]): Promise<Outcome> {
  return invoke(argv, { folder, env: { CHARLSTM_TFJS_FOLDER: folder } });
}

function ioIn(folder: string, signal?: AbortSignal) {
  return { ...ioInFolder(folder, signal), env: { CHARLSTM_TFJS_FOLDER: "." } };
}

/** A folder with a short book, and the command that trains on it for three steps. */
function shortRun() {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "book.txt"), readNovel().slice(0, 2000));
  const small = [
    "--units",
    "8",
    "--window",
    "8",
    "--batch",
    "4",
    "--dropout",
    "0",
    "--sample-length",
    "5",
    "--threads",
    "1",
  ];
  const train = (out: string, ...flags: string[]) =>
    command(folder, "train", "book.txt", "--json", "--max-steps", "3", "--out", out, ...small, ...flags);
  const record = (out: string) => JSON.parse(readFileSync(join(folder, out, "run.json"), "utf8"));
  return { folder, train, record };
}

/** The losses of the steps that a training run printed. */
function losses(stdout: string): number[] {
  const lines = stdout.trim().split("\n");
  const events = lines.map((line) => JSON.parse(line));
  return events.filter(({ type }) => type === "step-end").map(({ loss }) => loss);
}

/** Keeps the environment as it was once the test is over. */
function keepEnvironment(name: string): void {
  const before = process.env[name];
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

describe("tfjs-node", () => {
  test("it trains as the engine does, and the run says what it was", async () => {
    const { folder, train, record } = shortRun();
    installStandIn(folder, "tfjs-node");
    const native = await train("native", "--backend", "tfjs-node");
    const engine = await train("engine", "--backend", "engine");
    expect([native.code, engine.code]).toEqual([0, 0]);
    expect(losses(native.stdout)).toHaveLength(3);
    expectClose(losses(native.stdout), losses(engine.stdout), 1e-5);
    expect(record("native").backend).toMatchObject({ name: "tfjs-node", tensorflow: "2.9.1", device: "cpu" });
  });

  test.each([
    [undefined, "true"],
    ["false", "false"],
  ])("with TF_FORCE_GPU_ALLOW_GROWTH %s in the environment TensorFlow finds %s", async (given, found) => {
    keepEnvironment("TF_FORCE_GPU_ALLOW_GROWTH");
    if (given === undefined) delete process.env.TF_FORCE_GPU_ALLOW_GROWTH;
    else process.env.TF_FORCE_GPU_ALLOW_GROWTH = given;
    const folder = temporaryFolder();
    installStandIn(folder, "tfjs-node-gpu", { device: "gpu" });
    const backend = await createBackend("tfjs-node-gpu", options, ioIn(folder));
    expect(backend).toMatchObject({ name: "tfjs-node-gpu", facts: { device: "gpu" } });
    expect((globalThis as { memoryGrowth?: string }).memoryGrowth).toBe(found);
    await backend.dispose();
  });

  test("asked for where it is not installed, it is an error that says what to install", async () => {
    const { train } = shortRun();
    const { code, stderr } = await train("run", "--backend", "tfjs-node-gpu");
    expect(code).toBe(1);
    expect(stderr).toContain("@tensorflow/tfjs-node-gpu is not installed: npm install @tensorflow/tfjs-node-gpu");
    expect(stderr).toContain("[BACKEND_UNAVAILABLE]");
  });

  test("installed without its library, it is an error with the reason", async () => {
    const { folder, train } = shortRun();
    installStandIn(folder, "tfjs-node", { throws: "tfjs_binding.node can not be found" });
    const { code, stderr } = await train("run", "--backend", "tfjs-node");
    expect(code).toBe(1);
    expect(stderr).toContain("4.22.0 is installed but does not load");
    expect(stderr).toContain("tfjs_binding.node can not be found");
  });
});

describe("--backend auto", () => {
  const unmeasured = () => Promise.reject(new Error("measured"));

  /** As if the engine took 50 ms a step and whatever else there is `ms`. */
  const rivalTakes = (ms: number) => async (backend: Backend) => (backend.name === "engine" ? 50 : ms);

  test("with the engine alone nothing is measured, and the run says so in one line", async () => {
    const { folder, train, record } = shortRun();
    expect(await chooseBackend(ioIn(folder), options, { measure: unmeasured })).toEqual({
      name: "engine",
      reason: "nothing to measure: neither tfjs-node nor tfjs-node-gpu is installed",
    });
    const { code, stderr } = await train("run");
    expect(code).toBe(0);
    expect(stderr.match(/^backend: .*$/gm)).toEqual([
      "backend: engine (nothing to measure: neither tfjs-node nor tfjs-node-gpu is installed; --backend overrules)",
    ]);
    expect(record("run").backend.name).toBe("engine");
  });

  test("the engine is taken where it is faster", async () => {
    const folder = temporaryFolder();
    installStandIn(folder, "tfjs-node");
    expect(await chooseBackend(ioIn(folder), options, { measure: rivalTakes(80) })).toEqual({
      name: "engine",
      reason: "a step in a short trial took engine 50.0 ms, tfjs-node on the CPU 80.0 ms",
    });
  });

  test("a GPU is taken where it is faster, before tfjs-node", async () => {
    const folder = temporaryFolder();
    installStandIn(folder, "tfjs-node");
    installStandIn(folder, "tfjs-node-gpu", { device: "gpu" });
    expect(await chooseBackend(ioIn(folder), options, { measure: rivalTakes(9.5) })).toEqual({
      name: "tfjs-node-gpu",
      reason: "a step in a short trial took engine 50.0 ms, tfjs-node-gpu on the GPU 9.50 ms",
    });
  });

  test("the trial takes real steps, and the run that follows is as without it", async () => {
    const { folder, train } = shortRun();
    installStandIn(folder, "tfjs-node");
    const chosen = await train("chosen");
    const name = /^backend: (\S+) \(a step in a short trial took engine \S+ ms, tfjs-node on the CPU \S+ ms;/m.exec(
      chosen.stderr,
    )?.[1];
    const named = await train("named", "--backend", String(name));
    expect(named.stderr).not.toMatch(/^backend:/m);
    expect(losses(chosen.stdout)).toEqual(losses(named.stdout));
  });

  test("a package that does not load is passed over, and the line says so", async () => {
    const folder = temporaryFolder();
    installStandIn(folder, "tfjs-node-gpu", { dies: "SIGILL" });
    expect(await chooseBackend(ioIn(folder), options, { measure: unmeasured })).toEqual({
      name: "engine",
      reason: "nothing to measure: tfjs-node-gpu is installed but does not load (charlstm doctor says why)",
    });
    installStandIn(folder, "tfjs-node");
    const { name, reason } = await chooseBackend(ioIn(folder), options, { measure: rivalTakes(10) });
    expect(name).toBe("tfjs-node");
    expect(reason).toContain("; tfjs-node-gpu is installed but does not load");
  });

  test("a run goes on with the backend that it began with", async () => {
    const { folder, train } = shortRun();
    installStandIn(folder, "tfjs-node");
    const choices = { measure: unmeasured };
    for (const began of ["engine", "tfjs-wasm", "tfjs-node"]) {
      expect(await chooseBackend(ioIn(folder), options, { ...choices, began })).toEqual({
        name: began,
        reason: "as the run began",
      });
    }
    expect((await train("run", "--backend", "tfjs-node")).code).toBe(0);
    const resumed = await command(folder, "train", "--resume", "run", "--max-steps", "5", "--json");
    expect(resumed.stderr).toContain("backend: tfjs-node (as the run began; --backend overrules)");
    expect(losses(resumed.stdout)).toHaveLength(2);
  });

  test("where that backend is gone, the engine goes on and the line says why", async () => {
    const choice = await chooseBackend(ioIn(temporaryFolder()), options, { measure: unmeasured, began: "tfjs-node" });
    expect(choice).toEqual({
      name: "engine",
      reason: "the run began with tfjs-node, but neither tfjs-node nor tfjs-node-gpu is installed",
    });
  });

  test("an interrupted trial ends with the reason, and leaves no backend behind", async () => {
    const folder = temporaryFolder();
    installStandIn(folder, "tfjs-node");
    const controller = new AbortController();
    const measure = async (_: Backend, signal: AbortSignal) => {
      controller.abort(new Error("stopped"));
      signal.throwIfAborted();
      return 1;
    };
    await expect(chooseBackend(ioIn(folder, controller.signal), options, { measure })).rejects.toThrow("stopped");
  });
});
