import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { type Backend, createEngineBackend, type EngineBackendOptions } from "@charlstm/training";
import { CliError } from "./errors.js";

export const backendNames = ["auto", "engine", "tfjs-cpu", "tfjs-wasm", "tfjs-node", "tfjs-node-gpu"] as const;
export type BackendName = (typeof backendNames)[number];
export type TfjsName = Exclude<BackendName, "auto" | "engine">;

/** Makes the named backend; only what it needs is loaded. `auto` is the engine. */
export async function createBackend(name: BackendName, options: EngineBackendOptions): Promise<Backend> {
  if (name === "auto" || name === "engine") return createEngineBackend(options);
  await activateTfjs(name);
  const { createTfjsBackend } = await import("@charlstm/training/tfjs");
  return createTfjsBackend(options);
}

/** Loads a TensorFlow.js backend and makes it the active one. */
export async function activateTfjs(name: TfjsName): Promise<void> {
  const tf = await import("@tensorflow/tfjs-core");
  switch (name) {
    case "tfjs-cpu":
      await import("@tensorflow/tfjs-backend-cpu");
      await tf.setBackend("cpu");
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
      await importNative(`@tensorflow/${name}`);
      await tf.setBackend("tensorflow");
  }
  await tf.ready();
}

/**
 * Imports TensorFlow's native binding when the user has installed it.
 *
 * It takes GPU memory as it needs it, not all at once, as the notebook sets it. Releases up to 4.22 call
 * `util.isNullOrUndefined`, which Node 23 removed.
 */
async function importNative(packageName: string): Promise<void> {
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
  try {
    await import(packageName);
  } catch (cause) {
    const isMissing = (cause as { code?: string }).code === "ERR_MODULE_NOT_FOUND";
    throw new CliError(
      "BACKEND_UNAVAILABLE",
      isMissing
        ? `${packageName} is not installed: install it beside charlstm (npm install ${packageName}), or leave --backend out; ` +
            "it downloads TensorFlow's library when it is installed and needs a Node version that it has a build for (22 at most, for 4.22)"
        : `${packageName} is installed but does not load in Node ${process.versions.node}: ${(cause as Error).message.split("\n")[0]}; ` +
            "4.22 and older fail on Node 23 and newer, and after an install without its download; use Node 22, or leave --backend out",
      { cause },
    );
  }
}
