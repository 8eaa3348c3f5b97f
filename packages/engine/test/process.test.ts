// What only a process of its own can show: threads that die, hosts that share nothing, and when a program ends.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const dist = new URL("../dist/", import.meta.url);
const run = promisify(execFile);

/** Runs a module that has `createEngine`, `options` and `batch`, and returns what it prints. */
async function program(body: string, before = ""): Promise<string> {
  const source = `
    ${before}
    const { createEngine } = await import(${JSON.stringify(new URL("index.js", dist).href)});
    const options = { vocabularySize: 5, units: [64], rows: 64, length: 20, threads: 2, build: "relaxed-simd" };
    const batch = { inputs: new Uint8Array(64 * 20), targets: new Uint8Array(64), rows: 64, length: 20 };
    ${body}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", source], { timeout: 30_000 });
  return stdout.trim();
}

const keepWorkers = `
  import workerThreads from "node:worker_threads";
  import { syncBuiltinESMExports } from "node:module";
  const workers = [];
  workerThreads.Worker = class extends workerThreads.Worker {
    constructor(...given) { super(...given); workers.push(this); }
  };
  syncBuiltinESMExports();`;

test("an idle engine does not keep a program running", async () => {
  expect(
    await program(`
      const engine = await createEngine(options);
      await engine.trainBatch(batch, 0.01);
      console.log(engine.threads);`),
  ).toBe("2");
});

test("a thread that dies in the middle of a step closes the engine with a typed error", async () => {
  const output = await program(
    `
    const engine = await createEngine(options);
    await engine.trainBatch(batch, 0.01);
    const dying = workers[0].terminate();
    for (let step = 0; step < 1000; step++) {
      try { await engine.trainBatch(batch, 0.01); } catch (error) { console.log(error.name, error.code); break; }
    }
    await dying;
    try { await engine.trainBatch(batch, 0.01); } catch (error) { console.log(error.code); }
    await engine.dispose();`,
    keepWorkers,
  );
  expect(output).toBe("EngineError WORKER_FAILED\nCLOSED");
});

test("a thread that cannot start is a typed error", async () => {
  const output = await program(
    `try { await createEngine(options); } catch (error) { console.log(error.code); }`,
    `import workerThreads from "node:worker_threads";
     workerThreads.Worker = class extends workerThreads.Worker {
       constructor() { super("throw new Error('no')", { eval: true }); }
     };`,
  );
  expect(output).toBe("WORKER_FAILED");
});

test("disposing ends the threads", async () => {
  const output = await program(
    `
    const engine = await createEngine(options);
    await engine.trainBatch(batch, 0.01);
    const running = workers[0].threadId > 0;
    await engine.dispose();
    console.log(running, workers[0].threadId);`,
    keepWorkers,
  );
  expect(output).toBe("true -1");
});

test.each([
  ["its own thread takes part", "options", ""],
  ["a call is long, and its own thread stays free", "{ ...options, units: [1024], length: 20 }", ""],
  ["one thread does a long call", "{ ...options, units: [1024], length: 20, threads: 1 }", ""],
  ["a page must not wait", '{ ...options, build: "simd" }', "page"],
])("a call is rejected when the engine is disposed of meanwhile, where %s", async (_, given, host) => {
  const output = await program(
    `
    const engine = await createEngine(${given});
    for (const call of ["trainBatch", "scoreBatch"]) {
      const other = await createEngine(${given});
      const pending = other[call](batch, 0.01);
      other.dispose();
      await pending.then(() => console.log("resolved"), (error) => console.log(error.name, error.code));
      await other[call](batch, 0.01).catch((error) => console.log(error.code));
    }
    const late = engine.trainBatch(batch, 0.01);
    setTimeout(() => engine.dispose(), 1);
    await late.then(() => console.log("resolved"), (error) => console.log(error.code));`,
    host === "page" ? asPage(true) : "",
  );
  const [train, afterTrain, score, afterScore, late] = output.split("\n");
  expect([train, afterTrain, score, afterScore]).toEqual([
    ...["EngineError CLOSED", "CLOSED", "EngineError CLOSED", "CLOSED"],
  ]);
  // A short call may have ended before.
  expect(late).toMatch(/^(CLOSED|resolved)$/);
});

test("while a call lasts long, timers and signals are heard, and it computes the same", async () => {
  const output = await program(`
    const long = { ...options, units: [1024] };
    const losses = [];
    for (const threads of [1, 2]) {
      const engine = await createEngine({ ...long, threads });
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      losses.push((await engine.trainBatch(batch, 0.01)).loss);
      clearInterval(timer);
      console.log(turns > 5);
      await engine.dispose();
    }
    console.log(Math.abs(losses[0] - losses[1]) < 1e-5, losses[0].toFixed(4) === Math.log(5).toFixed(4));`);
  expect(output.split("\n")).toEqual(["true", "true", "true true"]);
});

// A page's main thread: Web Workers instead of Node's, memory shared when it is cross-origin isolated, no waiting.
const asPage = (isIsolated: boolean) => `
  import { Worker as NodeWorker } from "node:worker_threads";
  process.getBuiltinModule = undefined;
  globalThis.crossOriginIsolated = ${isIsolated};
  Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 3 } });
  Atomics.wait = () => { throw new TypeError("Atomics.wait cannot be called in this context"); };
  globalThis.Worker = class {
    constructor(url, options) { if (options.type !== "module") throw new Error("classic"); this.worker = new NodeWorker(url, options); }
    addEventListener(name, listener) { this.worker.on(name, name === "message" ? (data) => listener({ data }) : listener); }
    postMessage(message) { this.worker.postMessage(message); }
    terminate() { this.worker.terminate(); }
  };`;

const trainInPage = `
  const engine = await createEngine({ ...options, threads: undefined, build: "simd" });
  const losses = [];
  for (let step = 0; step < 5; step++) losses.push((await engine.trainBatch(batch, 0.01)).loss);
  const stream = engine.openStream();
  console.log(JSON.stringify({ threads: engine.threads, losses, logit: stream.step([1])[0] }));
  await engine.dispose();`;

test("a page trains with workers when it is cross-origin isolated, on its own when not, and both learn the same", async () => {
  const isolated = JSON.parse(await program(trainInPage, asPage(true)));
  const alone = JSON.parse(await program(trainInPage, asPage(false)));
  expect(isolated.threads).toBe(3);
  expect(alone.threads).toBe(1);
  expect(isolated.losses[4]).toBeLessThan(isolated.losses[0]);
  expect(isolated.losses[4]).toBeCloseTo(alone.losses[4], 4);
  expect(isolated.logit).toBeCloseTo(alone.logit, 4);
});

test("a host without SIMD gets a typed error", async () => {
  const output = await program(
    `try { await createEngine(options); } catch (error) { console.log(error.code); }`,
    "WebAssembly.validate = () => false;",
  );
  expect(output).toBe("NO_SIMD");
});
