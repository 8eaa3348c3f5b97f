import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { type Backend, createEngineBackend, type EngineBackendOptions } from "@charlstm/training";
import type { Io } from "../terminal/io.js";
import { importNative, type NativeName } from "./native-tfjs.js";

export const backendNames = ["auto", "engine", "tfjs-cpu", "tfjs-wasm", "tfjs-node", "tfjs-node-gpu"] as const;
export type BackendName = (typeof backendNames)[number];
type Surroundings = Pick<Io, "env" | "folder">;
const surroundings = (): Surroundings => ({ env: process.env, folder: process.cwd() });

export type TfjsName = Exclude<BackendName, "auto" | "engine">;

/**
 * Makes the named backend; only what it needs is loaded. `auto` is the engine, which nothing beats at reading and writing text
 * a character at a time, but for gates that it does not have; `train` asks `chooseBackend` first.
 *
 * @param io Says where packages are looked for that charlstm does not come with.
 */
export async function createBackend(
  given: BackendName,
  options: EngineBackendOptions,
  io: Surroundings = surroundings(),
): Promise<Backend> {
  const name = given === "auto" && options.architecture.recurrentActivation ? "tfjs-cpu" : given;
  if (name === "auto" || name === "engine") return createEngineBackend(options);
  await activateTfjs(name, io);
  const { createTfjsBackend } = await import("@charlstm/training/tfjs");
  const backend = createTfjsBackend(options);
  return isNative(name) ? { ...backend, name, facts: { ...backend.facts, ...(await nativeFacts()) } } : backend;
}

/** Loads a TensorFlow.js backend and makes it the active one. */
export async function activateTfjs(name: TfjsName, io: Surroundings = surroundings()): Promise<void> {
  const tf = await import("@tensorflow/tfjs-core");
  switch (name) {
    case "tfjs-cpu":
      await import("@tensorflow/tfjs-backend-cpu");
      await tf.setBackend("cpu");
      keepQuiet(tf);
      break;
    case "tfjs-wasm": {
      const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
      const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json"));
      setWasmPaths(`${folder}${sep}dist${sep}`);
      await tf.setBackend("wasm");
      break;
    }
    case "tfjs-node":
    case "tfjs-node-gpu":
      await importNative(name, io);
      await tf.setBackend("tensorflow");
  }
  await tf.ready();
}

/** The CPU backend advertises another package with the first tensor that it holds, unless it is "in production". */
function keepQuiet({ env, scalar }: typeof import("@tensorflow/tfjs-core")): void {
  const before = env().getBool("PROD");
  env().set("PROD", true);
  scalar(0).dispose();
  env().set("PROD", before);
}

export function isNative(name: BackendName): name is NativeName {
  return name.startsWith("tfjs-node");
}

/** TensorFlow's version and where it computes: both decide the rounding. */
async function nativeFacts(): Promise<{ tensorflow: string; device: string }> {
  const { backend } = await import("@tensorflow/tfjs-core");
  const { binding, isUsingGpuDevice } = backend() as unknown as {
    binding: { TF_Version: string };
    isUsingGpuDevice: boolean;
  };
  return { tensorflow: binding.TF_Version, device: isUsingGpuDevice ? "gpu" : "cpu" };
}
