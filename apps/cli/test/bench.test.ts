import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { checkAgreement } from "../src/bench/agreement.js";
import { compare } from "../src/bench/compare.js";
import { quickPatience } from "../src/bench/rival.js";
import { interleave } from "../src/bench/timing.js";
import type { Work } from "../src/bench/works.js";
import type { Io } from "../src/io.js";
import { run } from "../src/run.js";

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
  { name: "notebook-step", architecture: tiny, objective: "window", rows: 3, length: 4 },
  { name: "sequence-step", architecture: tiny, objective: "sequence", rows: 9, length: 4 },
  { name: "stream", architecture: tiny, count: 1 },
  { name: "streams-16", architecture: tiny, count: 16 },
];

test.each(tinyWorks)("every build and backend computes the same before $name is timed", async (work) => {
  const builds = ["relaxed-simd", "simd"] as const;
  const tfjs = ["tfjs-cpu", "tfjs-wasm"] as const;
  const { rows, agreement } = await compare(work, { builds, tfjs, threads: [1], patience: quickPatience, signal });
  expect(rows[0]).toMatchObject({ work: work.name, backend: "engine", build: "relaxed-simd", threads: 1 });
  const compared = new Set(agreement.map(({ rival }) => rival));
  expect([...compared]).toEqual(expect.arrayContaining(["engine simd 1", "tfjs-cpu 1", "tfjs-wasm 1"]));
  expect(compared.size).toBe(rows.length - 1);
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
      order.push(name);
      return order.length;
    },
  });
  const times = await interleave([rival("a", 4, true), rival("b", 2, false)], signal);
  expect(times.map(({ length }) => length)).toEqual([4, 2]);
  expect(order.slice(5).join("")).toBe("aaaabaaaab");
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
