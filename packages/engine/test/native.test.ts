// The native library: what it does off JavaScript's thread, and what becomes of one that is missing, broken or called wrongly.
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { createEngine, type EngineOptions, inspectBuilds, isNativeBuild } from "@charlstm/engine";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Binding, Handle, StreamHandle } from "../src/native/binding.js";
import { randomBatch } from "./support.js";

const entry = new URL("../dist/index.js", import.meta.url).href;
const run = promisify(execFile);
const native = inspectBuilds().builds.filter(isNativeBuild);

/** An addon that is not ours, where one lies among the test's own tools. */
const otherAddon = (() => {
  const store = new URL("../../../node_modules/.pnpm/", import.meta.url);
  const files = readdirSync(store, { encoding: "utf8" }).filter((name) => /^@(rollup|rolldown|oxc-.*)\+/.test(name));
  for (const name of files) {
    const packages = join(fileURLToPath(store), name, "node_modules");
    const addon = readdirSync(packages, { recursive: true, encoding: "utf8" }).find((file) => file.endsWith(".node"));
    if (addon && !addon.includes("musl")) return join(packages, addon);
  }
  return undefined;
})();

/** What a program of its own prints, with `library` for the native one. */
async function program(body: string, library?: string): Promise<string> {
  const source = `
    const { createEngine, inspectBuilds } = await import(${JSON.stringify(entry)});
    const options = { vocabularySize: 5, units: [64], rows: 64, length: 20, threads: 2 };
    const batch = { inputs: new Uint8Array(64 * 20), targets: new Uint8Array(64), rows: 64, length: 20 };
    ${body}`;
  const env = { ...process.env, ...(library === undefined ? {} : { CHARLSTM_ENGINE_NATIVE: library }) };
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", source], { timeout: 50_000, env });
  return stdout.trim();
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "charlstm-native-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const report = `
  const engine = await createEngine(options);
  const { loss } = await engine.trainBatch(batch, 0.01);
  await engine.dispose();
  const asked = await createEngine({ ...options, build: "avx2" }).catch((error) => error);
  console.log(JSON.stringify([engine.build, loss > 0, asked.code, inspectBuilds().noNative, asked.message]));`;

/** A library without which the engine trains in WebAssembly, and says why. */
async function expectFallback(library: string, reason: RegExp): Promise<void> {
  const [build, isTrained, code, said, message] = JSON.parse(await program(report, library));
  expect([build, isTrained, code]).toEqual(["relaxed-simd", true, "NO_BUILD"]);
  expect(said).toMatch(reason);
  expect(message).toContain(`no avx2 build runs here: ${said}`);
}

describe("without a library that loads, the engine trains in WebAssembly and says why", () => {
  test("one that is missing", () => expectFallback(join(folder(), "none.node"), /none\.node does not exist$/));

  test("one that is a folder, or empty", async () => {
    await expectFallback(folder(), /does not (exist|load)/);
    const file = join(folder(), "empty.node");
    writeFileSync(file, "");
    await expectFallback(file, /empty\.node (is no whole library|does not load)/);
  });

  test("one that is no library", async () => {
    const file = join(folder(), "text.node");
    writeFileSync(file, "not a library\n".repeat(100));
    await expectFallback(file, /text\.node (is no whole library|does not load)/);
  });

  test.skipIf(!otherAddon)("another addon", async () => {
    await expectFallback(otherAddon!, /is of another version of the engine: install both anew$/);
  });
});

describe.skipIf(native.length === 0)("with a library", () => {
  const build = native[0]!;
  const options: EngineOptions = { vocabularySize: 50, units: [512], rows: 64, length: 60, threads: 2, build };
  const batch = randomBatch(50, 64, 60, false, 1);

  const file = () => {
    const { platform, arch, env } = process;
    const suffix = platform === "linux" ? "-gnu" : "";
    return env.CHARLSTM_ENGINE_NATIVE ?? createRequire(entry).resolve(`@charlstm/engine-${platform}-${arch}${suffix}`);
  };

  test("one that was cut off is noticed before it is loaded, wherever the cut is", async () => {
    const whole = readFileSync(file());
    for (const share of [0.0001, 0.3, 0.999]) {
      const cut = join(folder(), "cut.node");
      writeFileSync(cut, whole.subarray(0, Math.floor(whole.length * share)));
      await expectFallback(cut, /cut\.node (is no whole library: install it again$|does not load)/);
    }
  });

  test.runIf(process.platform === "linux")("one for another processor is noticed before it is loaded", async () => {
    const library = readFileSync(file());
    library.writeUInt16LE(process.arch === "x64" ? 183 : 62, 18);
    const other = join(folder(), "other.node");
    writeFileSync(other, library);
    await expectFallback(other, /other\.node is for another processor than (x64|arm64)$/);
  });

  test("it loads under any name, twice in a process and in its workers", async () => {
    const copy = join(folder(), "other-name.bin");
    copyFileSync(file(), copy);
    expect(await program(`console.log((await createEngine(options)).build)`, copy)).toBe(build);
    const source = `
      const { createEngine } = await import(${JSON.stringify(entry)});
      const { parentPort } = await import("node:worker_threads");
      const engine = await createEngine({ vocabularySize: 3, units: [8], rows: 8, length: 3 });
      const { loss } = await engine.trainBatch({ inputs: new Uint8Array(24), targets: new Uint8Array(8), rows: 8, length: 3 }, 0.1);
      parentPort.postMessage([engine.build, loss]);`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    for (let count = 0; count < 3; count++) {
      const worker = new Worker(url);
      const answer = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
      expect(answer).toEqual([build, expect.closeTo(Math.log(3), 4)]);
      await worker.terminate();
    }
  });

  test("a worker that ends in the middle of a step takes its threads with it", async () => {
    const source = `
      const { createEngine } = await import(${JSON.stringify(entry)});
      const { parentPort } = await import("node:worker_threads");
      const engine = await createEngine({ vocabularySize: 50, units: [1024], rows: 64, length: 200, threads: 2 });
      engine.trainBatch({ inputs: new Uint8Array(64 * 200), targets: new Uint8Array(64), rows: 64, length: 200 }, 0.1);
      parentPort.postMessage("started");`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    await worker.terminate();
  });

  test("timers do not wait for a step", async () => {
    const engine = await createEngine(options);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const start = performance.now();
    for (let step = 0; step < 3; step++) await engine.trainBatch(batch, 0.01);
    const spent = performance.now() - start;
    clearInterval(timer);
    await engine.dispose();
    expect(ticks).toBeGreaterThan(Math.min(20, spent / 20));
  });

  test("disposing ends a step in the middle, with a typed error", async () => {
    const engine = await createEngine({ ...options, length: 2000 });
    const step = engine.trainBatch(randomBatch(50, 64, 2000, false, 1), 0.01);
    const failure = expect(step).rejects.toMatchObject({ name: "EngineError", code: "CLOSED" });
    await engine.dispose();
    await failure;
  });

  test("a step keeps a program running, an idle engine does not, and one may exit in the middle of a step", async () => {
    expect(
      await program(`const engine = await createEngine(options);
        engine.trainBatch(batch, 0.01).then(({ loss }) => console.log(loss > 0, engine.threads));`),
    ).toBe("true 2");
    expect(
      await program(`const engine = await createEngine({ ...options, units: [1024] });
        engine.trainBatch(batch, 0.01).then(() => console.log("done"));
        setTimeout(() => { console.log("out"); process.exit(0); });`),
    ).toBe("out");
  });

  test("no argument reaches a kernel unchecked", async () => {
    const module = { exports: {} };
    process.dlopen(module, file());
    const binding = module.exports as Binding;
    const shape = (change: Record<number, number> = {}) => {
      // limit, vocabulary, sequence, rows, length, training, dropout, slots, threads, units
      const numbers = Float64Array.of(1e9, 5, 0, 8, 4, 1, 0, 1, 2, 6);
      for (const [at, value] of Object.entries(change)) numbers[Number(at)] = value;
      return numbers;
    };
    const code = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return (error as { code: string }).code;
      }
      return undefined;
    };
    for (const [at, values] of [
      [1, [0, -1, 2.5, Number.NaN, Infinity, 1e300]],
      [3, [0, 2 ** 30]],
      [4, [0, -0.5]],
      [7, [3]],
      [8, [0, 65]],
      [9, [0, 8193, Number.NaN]],
    ] as const) {
      for (const value of values) {
        expect(
          code(() => binding.create(build, shape({ [at]: value }))),
          `${at}: ${value}`,
        ).toBe("BAD_ARGUMENT");
      }
    }
    expect(code(() => binding.create("sse", shape()))).toBe("NO_BUILD");
    expect(code(() => binding.create(build, shape({ 0: 1000 })))).toBe("OUT_OF_MEMORY");
    expect(code(() => binding.create(build, new Float64Array(3)))).toBe("BAD_ARGUMENT");
    expect(code(() => (binding.create as (...given: unknown[]) => unknown)())).toBe("BAD_ARGUMENT");

    const [handle] = binding.create(build, shape());
    const numbers = Float64Array.of(8, 4, 1, 1, 0, 0.9, 1e-7, 0.01, 0, 0, 0, 1);
    const step = (inputs: Uint32Array, targets = new Uint32Array(8), given = numbers, keys = new Uint32Array()) =>
      code(() => binding.step(handle, inputs, targets, given, keys));
    expect(step(new Uint32Array(31))).toBe("BAD_ARGUMENT");
    expect(step(new Uint32Array(32).fill(5))).toBe("BAD_ARGUMENT");
    expect(step(new Uint32Array(32), new Uint32Array(8).fill(2 ** 32 - 1))).toBe("BAD_ARGUMENT");
    expect(step(new Uint32Array(32), new Uint32Array(8), numbers.with(0, 9))).toBe("BAD_ARGUMENT");
    expect(step(new Uint32Array(32), new Uint32Array(8), numbers.with(3, 2))).toBe("BAD_ARGUMENT");
    expect(step(new Uint32Array(32), new Uint32Array(8), numbers, new Uint32Array(1))).toBe("BAD_ARGUMENT");
    for (const at of [4, 5, 6, 8, 9, 10, 11]) {
      expect(step(new Uint32Array(32), new Uint32Array(8), numbers.with(at, Number.NaN))).toBe("BAD_ARGUMENT");
    }
    const count = 5 * 24 + 6 * 24 + 24 + 6 * 5 + 5;
    for (const values of [
      new Float32Array(count).fill(Infinity),
      new Float32Array(count - 1),
      new Float64Array(count),
    ]) {
      expect(code(() => binding.write(handle, Float64Array.of(-1), values as Float32Array))).toBe("BAD_ARGUMENT");
    }
    expect(code(() => binding.read(handle, Float64Array.of(-1), new Float32Array(3)))).toBe("BAD_ARGUMENT");
    expect(code(() => binding.write(handle, Float64Array.of(1), new Float32Array(3)))).toBe("BAD_ARGUMENT");
    expect(code(() => binding.readState(handle, new Float32Array(96)))).toBe("BAD_ARGUMENT");
    const [stream, bytes] = binding.openStream(handle, Float64Array.of(2));
    expect(bytes).toBeGreaterThan(0);
    for (const texts of [0, 1.5, 65_537, Number.NaN]) {
      expect(code(() => binding.openStream(handle, Float64Array.of(texts)))).toBe("BAD_ARGUMENT");
    }
    const read = (ids: Uint32Array, logits: Float32Array = new Float32Array(10), of = handle) =>
      code(() => binding.streamStep(of, stream, ids, logits));
    expect(read(Uint32Array.of(4, 4))).toBeUndefined();
    expect(read(Uint32Array.of(4, 5))).toBe("BAD_ARGUMENT");
    expect(read(Uint32Array.of(4))).toBe("BAD_ARGUMENT");
    expect(read(Uint32Array.of(4, 4), new Float32Array(9))).toBe("BAD_ARGUMENT");
    expect(read(Uint32Array.of(4, 4), new Float64Array(10) as unknown as Float32Array)).toBe("BAD_ARGUMENT");
    const [other] = binding.create(build, shape());
    expect(read(Uint32Array.of(4, 4), new Float32Array(10), other)).toBe("BAD_ARGUMENT");
    expect(code(() => binding.readStream(other, stream, new Float32Array(24)))).toBe("BAD_ARGUMENT");
    expect(code(() => binding.readStream(handle, stream, new Float32Array(23)))).toBe("BAD_ARGUMENT");
    expect(code(() => binding.writeStream(handle, stream, new Float32Array(24).fill(Infinity)))).toBe("BAD_ARGUMENT");
    binding.close(other);
    for (const wrong of [{}, null, 7, new Proxy({}, {})]) {
      expect(code(() => binding.close(wrong as unknown as Handle))).toBe("BAD_ARGUMENT");
      expect(code(() => binding.closeStream(wrong as unknown as StreamHandle))).toBe("BAD_ARGUMENT");
    }
    expect(code(() => binding.closeStream(handle as unknown as StreamHandle))).toBe("BAD_ARGUMENT");
    expect(code(() => binding.close(stream as unknown as Handle))).toBe("BAD_ARGUMENT");
    binding.closeStream(stream);
    binding.closeStream(stream);
    expect(read(Uint32Array.of(4, 4))).toBe("CLOSED");
    binding.close(handle);
    binding.close(handle);
    expect(step(new Uint32Array(32))).toBe("CLOSED");
  });
});
