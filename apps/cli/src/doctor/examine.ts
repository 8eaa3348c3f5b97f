// Tries every backend: loads it, asks what it runs on, and says what to do where it does not.
import { createRequire } from "node:module";
import { canShareMemory, createEngine, inspectBuilds } from "@charlstm/engine";
import { activateTfjs, type TfjsName } from "../backends/backends.js";
import { doesNotLoad, findNative, installAdvice, type NativeName, probeNative } from "../backends/native-tfjs.js";
import type { Io } from "../terminal/io.js";
import type { BackendFindings } from "./findings.js";

const require = createRequire(import.meta.url);

function versionOf(packageName: string): string {
  return (require(`${packageName}/package.json`) as { version: string }).version;
}

/** The engine, with the threads that it takes for the notebook's batch. */
export async function examineEngine(): Promise<BackendFindings> {
  const findings = { backend: "engine", version: versionOf("@charlstm/engine") };
  try {
    const engine = await createEngine({ vocabularySize: 59, units: [128], rows: 128, length: 60 });
    const { build, threads } = engine;
    await engine.dispose();
    const { builds, noNative } = inspectBuilds();
    const details = { build, builds, threads, sharedMemory: canShareMemory() };
    const advice = noNative && `it runs in WebAssembly: ${noNative}`;
    return { ...findings, status: "ready", device: "cpu", details, ...(advice && { advice }) };
  } catch (error) {
    return { ...findings, status: "broken", advice: (error as Error).message };
  }
}

/** The backends of TensorFlow.js that come with charlstm. */
export async function examineTfjs(name: Exclude<TfjsName, NativeName>): Promise<BackendFindings> {
  const findings = { backend: name, version: versionOf(`@tensorflow/tfjs-backend-${name.slice("tfjs-".length)}`) };
  try {
    await activateTfjs(name);
    if (name === "tfjs-cpu") return { ...findings, status: "ready", device: "cpu", details: { threads: 1 } };
    const { env } = await import("@tensorflow/tfjs-core");
    const simd = Boolean(await env().getAsync("WASM_HAS_SIMD_SUPPORT"));
    return { ...findings, status: "ready", device: "cpu", details: { simd, threads: 1 } };
  } catch (error) {
    return { ...findings, status: "broken", advice: (error as Error).message };
  }
}

/** TensorFlow's own library, where it is installed. */
export async function examineNative(name: NativeName, io: Io): Promise<BackendFindings> {
  const found = findNative(name, io);
  if (!found) return { backend: name, status: "missing", advice: installAdvice(name) };
  const findings = { backend: name, version: found.version };
  const probe = await probeNative(found, io.signal);
  if ("error" in probe) return { ...findings, status: "broken", advice: doesNotLoad(found, probe.error) };
  const { tensorflow, device } = probe;
  const ready: BackendFindings = { ...findings, status: "ready", device, details: { tensorflow } };
  return name === "tfjs-node-gpu" && device === "cpu"
    ? { ...ready, advice: "it found no GPU that it can use: it needs an NVIDIA GPU with CUDA 11.2 and cuDNN 8.1" }
    : ready;
}
