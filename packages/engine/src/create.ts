import { CheckedEngine } from "./checked-engine.js";
import type { Core } from "./core.js";
import type { Engine } from "./engine.js";
import { inspectHost } from "./host.js";
import { createNativeCore } from "./native/core.js";
import { loadNative, requireNative } from "./native/load.js";
import { type EngineOptions, readOptions } from "./options.js";
import { listParameters } from "./parameters.js";
import { isNativeBuild } from "./types.js";
import { createWasmCore } from "./wasm-core.js";

/**
 * Makes an engine whose weights are all zero: write some before training.
 *
 * @throws {EngineError} `BAD_OPTION`, `OUT_OF_MEMORY`, `NO_SIMD`, `NO_BUILD`, `WORKER_FAILED`.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const host = inspectHost();
  const settings = readOptions(options);
  const parameters = listParameters(settings.vocabularySize, settings.units);
  const makeCore = async (): Promise<Core> => {
    const { build } = settings;
    const native = build !== "auto" && isNativeBuild(build) ? requireNative(host, build) : undefined;
    if (native) return createNativeCore(host, settings, parameters, native);
    const found = build === "auto" ? loadNative(host) : undefined;
    return found && "binding" in found
      ? createNativeCore(host, settings, parameters, { binding: found.binding, build: found.builds[0]! })
      : createWasmCore(host, settings, parameters);
  };
  return new CheckedEngine(settings, parameters, await makeCore());
}
