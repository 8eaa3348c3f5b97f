import { EngineError } from "./errors.js";
import { inspectHost } from "./host.js";
import { loadNative } from "./native/load.js";
import type { Build, WasmBuild } from "./types.js";
import { compile } from "./wasm.js";

/** The builds that run here. */
export type BuildReport = {
  /** The fastest first, which is what `build: "auto"` takes. */
  builds: Build[];
  /** Why no native build runs here; undefined where one does. */
  noNative: string | undefined;
};

/** Says which builds of the engine run here, and why no native one does where none does. */
export function inspectBuilds(): BuildReport {
  const host = inspectHost();
  const native = loadNative(host);
  const wasm = (["relaxed-simd", "simd"] satisfies WasmBuild[]).filter((build) => {
    try {
      return compile(host, build, false).build === build;
    } catch (error) {
      if (error instanceof EngineError && error.code === "NO_SIMD") return false;
      throw error;
    }
  });
  return "binding" in native
    ? { builds: [...native.builds, ...wasm], noNative: undefined }
    : { builds: wasm, noNative: native.reason };
}
