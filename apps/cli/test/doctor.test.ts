import { inspectBuilds } from "@charlstm/engine";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { invoke } from "./invoke.js";
import { installStandIn } from "./stand-in.js";

/** What `doctor --json` says, by backend. */
async function doctor(folder: string) {
  const { code, stdout } = await invoke(["doctor", "--json"], { folder, env: { CHARLSTM_TFJS_FOLDER: folder } });
  expect(code).toBe(0);
  const { environment, backends } = JSON.parse(stdout);
  expect(environment).toMatchObject({ node: process.versions.node, cores: expect.any(Number) });
  return Object.fromEntries(backends.map((report: { backend: string }) => [report.backend, report]));
}

test("what comes with charlstm is ready, with its version and what it runs on", async () => {
  const backends = await doctor(temporaryFolder());
  const { builds } = inspectBuilds();
  expect(backends.engine).toMatchObject({
    ...{ status: "ready", version: expect.stringMatching(/^\d+\.\d+\.\d+/), device: "cpu" },
    details: { build: builds[0], builds, sharedMemory: true },
  });
  expect(backends.engine.details.threads).toBeGreaterThanOrEqual(1);
  expect(backends["tfjs-cpu"]).toMatchObject({ status: "ready", version: "4.22.0", device: "cpu" });
  expect(backends["tfjs-wasm"]).toMatchObject({ status: "ready", version: "4.22.0", details: { simd: true } });
});

test("a package that is not installed is missing, with what to install", async () => {
  const folder = temporaryFolder();
  const backends = await doctor(folder);
  for (const name of ["tfjs-node", "tfjs-node-gpu"]) {
    expect(backends[name]).toMatchObject({ status: "missing" });
    expect(backends[name].advice).toMatch(`npm install @tensorflow/${name} `);
  }
  expect(backends["tfjs-node-gpu"].advice).toContain("CUDA 11.2");
});

test("both packages may be installed, and each says its version, TensorFlow's and its device", async () => {
  const folder = temporaryFolder();
  installStandIn(folder, "tfjs-node", { version: "4.20.0" });
  installStandIn(folder, "tfjs-node-gpu", { device: "gpu" });
  const backends = await doctor(folder);
  const details = { tensorflow: "2.9.1" };
  expect(backends["tfjs-node"]).toEqual({
    ...{ backend: "tfjs-node", status: "ready", version: "4.20.0", device: "cpu", details },
  });
  expect(backends["tfjs-node-gpu"]).toEqual({
    ...{ backend: "tfjs-node-gpu", status: "ready", version: "4.22.0", device: "gpu", details },
  });
});

test("the package for GPUs that finds none says what it needs", async () => {
  const folder = temporaryFolder();
  installStandIn(folder, "tfjs-node-gpu", { device: "cpu" });
  const { "tfjs-node-gpu": report } = await doctor(folder);
  expect(report).toMatchObject({ status: "ready", device: "cpu", advice: expect.stringContaining("found no GPU") });
});

test.each([
  ["throws while it loads", { throws: "The Node.js native addon module can not be found\nat: lib" }, "addon module"],
  ["takes its process down", { dies: "SIGILL" }, "SIGILL"],
] as const)("a package that %s is broken, with its reason and what to do", async (_, options, reason) => {
  const folder = temporaryFolder();
  installStandIn(folder, "tfjs-node", options);
  const { "tfjs-node": report } = await doctor(folder);
  expect(report).toMatchObject({ status: "broken", version: "4.22.0" });
  expect(report.advice).toContain(reason);
  expect(report.advice).toContain("npm rebuild @tensorflow/tfjs-node");
});

test("without --json every backend has a line, and its advice is under it", async () => {
  const folder = temporaryFolder();
  installStandIn(folder, "tfjs-node-gpu", { device: "gpu" });
  const { code, stdout, stderr } = await invoke(["doctor"], { folder, env: { CHARLSTM_TFJS_FOLDER: folder } });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^engine +ready +\S+ +cpu +build [\w-]+, .*threads \d+, shared memory yes$/m);
  expect(stdout).toMatch(/^tfjs-wasm +ready +4\.22\.0 +cpu +simd yes, threads 1$/m);
  expect(stdout).toMatch(/^tfjs-node +missing\n +npm install @tensorflow\/tfjs-node /m);
  expect(stdout).toMatch(/^tfjs-node-gpu +ready +4\.22\.0 +gpu +tensorflow 2\.9\.1$/m);
});
