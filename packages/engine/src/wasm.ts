import { modules } from "../build/modules.js";
import { EngineError } from "./errors.js";
import type { Host } from "./host.js";
import type { WasmBuild } from "./types.js";

/**
 * Compiles the wanted build, or with `auto` the fastest that the host runs.
 *
 * @param shared Whether its memory will be shared.
 * @throws {EngineError} `NO_SIMD`.
 */
export function compile(
  host: Host,
  wanted: WasmBuild | "auto",
  shared: boolean,
): { build: WasmBuild; module: WebAssembly.Module } {
  const candidates: WasmBuild[] = wanted === "auto" ? ["relaxed-simd", "simd"] : [wanted];
  for (const build of candidates) {
    const bytes = decode(modules[build]);
    if (!shared) unshare(bytes);
    if (isValid(host, build, bytes)) return { build, module: new WebAssembly.Module(bytes) };
  }
  throw new EngineError(
    "NO_SIMD",
    `this host cannot run WebAssembly with ${wanted === "relaxed-simd" ? "relaxed SIMD" : "SIMD"}: use ${
      wanted === "relaxed-simd" ? 'build: "auto"' : "Node 20.19 or later, or a browser from 2023 on"
    }`,
    { build: wanted },
  );
}

function isValid(host: Host, build: WasmBuild, bytes: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(bytes)) return true;
  if (build !== "relaxed-simd" || !host.v8) return false;
  // Node 20 has relaxed SIMD behind a flag that may still be set while the program runs; later versions have it on.
  host.v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(bytes);
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

// The import of the memory: "env", "memory", kind 2, then the limits, 3 for shared with a maximum and 1 for unshared.
const memoryImport = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3];

/** Makes a module ask for memory of its own thread, for hosts that cannot share: one byte differs. */
function unshare(bytes: Uint8Array): void {
  const start = bytes.findIndex((_, at) => memoryImport.every((byte, offset) => bytes[at + offset] === byte));
  bytes[start + memoryImport.length - 1] = 1;
}
