import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { inspectBuilds, isNativeBuild } from "@charlstm/engine";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { checkAgreement } from "../src/bench/agreement.js";
import { loadBrain } from "../src/bench/brain.js";
import { compare } from "../src/bench/compare.js";
import { onPaper, rowsOfThread } from "../src/bench/on-paper.js";
import { type PyTorch, startPyTorch } from "../src/bench/pytorch.js";
import { quickPatience } from "../src/bench/rival.js";
import { comparisonTable } from "../src/bench/tables.js";
import { interleave } from "../src/bench/timing.js";
import { type StepWork, type Work, works } from "../src/bench/works.js";
import { run } from "../src/program.js";
import type { Io } from "../src/terminal/io.js";

const { signal } = new AbortController();

/** Runs a command and collects what it writes to stdout. */
async function output(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].on("data", (chunk: Buffer) => {
      written[name] += chunk.toString();
    });
  }
  const io: Io = {
    ...streams,
    stdin: new PassThrough(),
    env: process.env,
    invocation: "charlstm",
    folder: process.cwd(),
    signal,
  };
  return { code: await run(argv, io), ...written };
}

test("a quick run prints one object: the environment and a row for each work and backend", async () => {
  const { code, stdout } = await output(
    ...["bench", "--quick", "--json", "--work", "sequence-step", "stream", "--backend", "tfjs-wasm"],
  );
  expect(code).toBe(0);
  const { environment, rows, agreement, profiles, footprint } = JSON.parse(stdout);
  expect(environment).toMatchObject({ node: process.versions.node, cpu: expect.any(String), tfjs: "4.22.0" });
  const named = rows.map(({ work, backend, threads }: Record<string, unknown>) => `${work} ${backend} ${threads}`);
  expect(new Set(named)).toEqual(
    new Set([
      "sequence-step engine 1",
      ...(environment.cores > 1 ? ["sequence-step engine 2"] : []),
      ...(environment.cores > 3 ? ["sequence-step engine 4"] : []),
      "sequence-step tfjs-wasm 1",
      "stream engine 1",
      "stream tfjs-wasm 1",
    ]),
  );
  for (const row of rows) {
    expect(row.medianMs).toBeGreaterThan(0);
    const characters = row.work === "sequence-step" ? 32 * 64 : 1;
    expect(row.charactersPerSecond).toBeCloseTo((1000 * characters) / row.medianMs, 6);
  }
  expect(agreement.length).toBeGreaterThan(4);
  expect(profiles[0]).toMatchObject({ work: "sequence-step", kernels: expect.any(Array) });
  expect(footprint.gzippedBytes).toBeLessThan(60_000);
  expect(footprint.peakMemoryBytes).toBeGreaterThan(20e6);
}, 240_000);

const tiny = { vocabularySize: 7, window: 4, units: [5], dropout: 0 };
const tinyWorks: Work[] = [
  {
    ...{ name: "notebook-step", architecture: tiny, objective: "window", rows: 3, length: 4 },
    ...{ optimizer: { name: "rmsprop" }, clipNorm: 0 },
  },
  {
    ...{ name: "large-step", architecture: { ...tiny, dropout: 0.3 }, objective: "sequence", rows: 9, length: 4 },
    ...{ optimizer: { name: "adam" }, clipNorm: 5 },
  },
  { name: "stream", architecture: tiny, count: 1 },
  { name: "streams-16", architecture: tiny, count: 16 },
];

test.each(tinyWorks)("every build and backend computes the same before $name is timed", async (work) => {
  const rivals = { builds: ["relaxed-simd", "simd"], tfjs: ["tfjs-cpu", "tfjs-wasm"], pytorch: [] } as const;
  const { rows, agreement } = await compare(work, { ...rivals, threads: [1], patience: quickPatience, signal });
  expect(rows[0]).toMatchObject({ work: work.name, backend: "engine", build: "relaxed-simd", threads: 1 });
  const compared = new Set(agreement.map(({ rival }) => rival));
  expect([...compared]).toEqual(expect.arrayContaining(["engine simd 1", "tfjs-cpu 1", "tfjs-wasm 1"]));
  expect(compared.size).toBe(rows.length - 1);
});

/** A PyTorch that agrees with everyone and takes as long as it is told. */
const stub = (name: PyTorch["name"], milliseconds: number): PyTorch => ({
  ...{ name, version: "2", vectors: "AVX512" },
  steps: async (_, threads) =>
    threads.map((count) => ({
      ...{ backend: name, threads: count, rounds: 1, isQuick: false },
      check: async () => ({}),
      play: async () => milliseconds * count,
      dispose() {},
    })),
  async close() {},
});

const native = inspectBuilds().builds.filter(isNativeBuild);

test("each build's best is beside PyTorch's best, that of AVX2 beside PyTorch held to AVX2", async () => {
  const pytorch = [stub("pytorch", 1e6), stub("pytorch-avx2", 2e6)];
  const builds = [...native, "simd"] as const;
  const options = { builds, tfjs: [], pytorch, threads: [1, 2], patience: quickPatience, signal };
  const comparison = await compare(tinyWorks[1]!, options);
  expect(
    comparison.best.map(({ build, rival, rivalMs, rivalThreads }) => [build, rival, rivalMs, rivalThreads]),
  ).toEqual(builds.map((build) => [build, ...(build === "avx2" ? ["pytorch-avx2", 2e6] : ["pytorch", 1e6]), 1]));
  for (const { build, medianMs, rivalMs, times } of comparison.best) {
    const medians = comparison.rows.filter((row) => row.build === build).map((row) => row.medianMs);
    expect(medianMs).toBe(Math.min(...medians));
    expect(times).toBe(rivalMs / medianMs);
  }
  const text = comparisonTable(tinyWorks[1]!, comparison);
  for (const build of builds) {
    expect(text).toMatch(new RegExp(`^${build}: peak .* products forward .*%.*backward .*%.*weights .*%`, "m"));
    expect(text).toMatch(new RegExp(`^${build}: 2 threads are [\\d.]+x one$`, "m"));
    expect(text).toMatch(new RegExp(`^${build} at its best, .* ms on \\d threads?, is .*x as fast as pytorch`, "m"));
  }
});

const python = process.env.CHARLSTM_TORCH_PYTHON;
test.skipIf(!python)(
  `PyTorch computes the same${python ? "" : " (skipped: CHARLSTM_TORCH_PYTHON names none)"}`,
  async () => {
    for (const name of ["pytorch", "pytorch-avx2"] as const) {
      const pytorch = await startPyTorch(python!, name);
      if (name === "pytorch-avx2") expect(pytorch.vectors).toBe("AVX2");
      const options = {
        builds: ["simd"],
        tfjs: [],
        pytorch: [pytorch],
        threads: [1],
        patience: quickPatience,
        signal,
      } as const;
      for (const work of tinyWorks.slice(0, 2)) {
        const { agreement } = await compare(work, options);
        expect(agreement.map(({ rival, result }) => `${rival} ${result}`)).toEqual([
          `${name} 1 loss`,
          `${name} 1 gradientNorm`,
        ]);
      }
      await pytorch.close();
    }
  },
  120_000,
);

describe("brain.js", () => {
  test("that is not installed is a readable error", async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await output("bench", "--brain", folder, "--backend", "tfjs-cpu");
    expect(code).toBe(1);
    expect(stderr).toContain(`npm install --prefix ${folder} brain.js`);
  });

  test("trains one row a turn, which counts for all", async () => {
    const folder = temporaryFolder();
    const home = join(folder, "node_modules", "brain.js");
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, "package.json"),
      JSON.stringify({ name: "brain.js", version: "1.2.3", main: "index.cjs" }),
    );
    writeFileSync(
      join(home, "index.cjs"),
      `exports.recurrent = { LSTM: class {
        constructor({ hiddenLayers }) { globalThis.brain = { hiddenLayers, texts: [] }; }
        train(texts, { iterations }) { Object.assign(globalThis.brain, { iterations }); }
        setupData(texts) { return texts; }
        trainPattern(text) { globalThis.brain.texts.push(text); }
      } };`,
    );
    const brain = loadBrain(folder);
    expect(brain.version).toBe("1.2.3");
    const rival = brain.step(works["quick-step"] as StepWork, quickPatience);
    await rival.play();
    await rival.play();
    const told = (globalThis as unknown as { brain: { hiddenLayers: number[]; iterations: number; texts: string[] } })
      .brain;
    expect([told.hiddenLayers, told.iterations]).toEqual([[192], 0]);
    expect(told.texts.map((text) => text.length)).toEqual([64, 64]);
    expect(told.texts[0]).not.toBe(told.texts[1]);
  });
});

describe("on paper", () => {
  test("threads hold four rows at least", () => {
    expect([1, 2, 3, 4, 8, 16].map((threads) => rowsOfThread(16, threads))).toEqual([16, 8, 8, 4, 4, 4]);
    expect([1, 2, 4].map((threads) => rowsOfThread(6, threads))).toEqual([6, 4, 4]);
  });

  test("a step is its pass, a share of the update, what sharing costs, and barriers", () => {
    const byRows = new Map([
      [16, 20],
      [8, 11],
      [4, 6],
    ]);
    const costs = { byRows, update: 1, sharedUpdate: 2, barrier: 0.01 };
    expect(onPaper(costs, 16, 1)).toBe(20);
    // Two threads: exactly what was measured of them.
    expect(onPaper(costs, 16, 2)).toBe(11 - 1 + 2);
    expect(onPaper(costs, 16, 4)).toBeCloseTo(6 - 1 + 1 / 4 + 1.5 * 1.5 + 4 * 0.01);
    expect(onPaper(costs, 16, 16)).toBe(onPaper(costs, 16, 4));
  });
});

describe("agreement", () => {
  test("rounding passes, and the difference is told", () => {
    const differences = checkAgreement("tfjs-cpu", { loss: [2.000001] }, { loss: [2], weights: [1] });
    expect(differences).toEqual([{ result: "loss", difference: expect.closeTo(5e-7, 8) }]);
  });

  test.each([
    ["another loss", { loss: [2.1] }],
    ["no number", { loss: [Number.NaN] }],
    ["other shapes", { loss: [2, 2] }],
  ])("%s ends the comparison before anything is timed", (_, results) => {
    expect(() => checkAgreement("tfjs-wasm", results, { loss: [2] })).toThrow(
      expect.objectContaining({
        code: "RESULTS_DIFFER",
        message: expect.stringContaining("tfjs-wasm computes another loss"),
      }),
    );
  });
});

test("rivals take turns, slow ones fewer, and quick ones warm up first", async () => {
  const order: string[] = [];
  const rival = (name: string, rounds: number, isQuick: boolean) => ({
    ...{ rounds, isQuick },
    async play() {
      if (isQuick) await new Promise((resolve) => setTimeout(resolve, 25));
      order.push(name);
      return order.length;
    },
  });
  const times = await interleave([rival("a", 4, true), rival("b", 2, false)], signal);
  expect(times.map(({ length }) => length)).toEqual([4, 2]);
  // Two plays of 25 ms, or one that a busy machine held up, and then one that counts.
  expect(order.slice(5).join("")).toMatch(/^a{2,3}a{2,3}ba{2,3}a{2,3}b$/);
});

test("an aborted comparison ends before its next turn", async () => {
  const controller = new AbortController();
  const rival = {
    ...{ rounds: 3, isQuick: false },
    async play() {
      controller.abort(new Error("stopped"));
      return 1;
    },
  };
  await expect(interleave([rival], controller.signal)).rejects.toThrow("stopped");
});

test("an interpreter without PyTorch is a readable error", async () => {
  const { code, stderr } = await output("bench", "--pytorch", "--python", "/no/such/python", "--backend", "tfjs-cpu");
  expect(code).toBe(1);
  expect(stderr).toContain("PyTorch does not run in /no/such/python");
});

test("a work that does not exist is wrong usage", async () => {
  expect((await output("bench", "--work", "nothing")).code).toBe(2);
});
