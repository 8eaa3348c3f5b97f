import type { OptimizerConfig } from "@charlstm/network";
/** A weight tensor in Keras's layout, row-major. */
export type NamedTensor = { name: string; shape: readonly number[]; values: Float32Array };

/** One id a character: `Uint8Array` up to 256 characters, `Uint16Array` up to 65,536, else `Uint32Array`. */
export type Ids = Uint8Array | Uint16Array | Uint32Array;

/**
 * `inputs` `[rows, length]`; `targets` `[rows]` for the window objective, `[rows, length]` for sequences. Of sequences that are of
 * different lengths, `lengths` `[rows]` says how many characters of each row count, from its first: what follows only pads.
 */
export type Batch = {
  inputs: Ids;
  targets: Ids;
  rows: number;
  length: number;
  lengths?: ArrayLike<number> | undefined;
};

/**
 * `window`: predict the one character after a window, from a zero state. `sequence`: predict every next character,
 * with the state carried from batch to batch (truncated back-propagation).
 */
export type Objective = "window" | "sequence";

/** WebAssembly: `simd` rounds after each multiplication, `relaxed-simd` fuses multiplication and addition where the processor can. */
export type WasmBuild = "simd" | "relaxed-simd";

const nativeBuilds = ["avx512", "avx2", "neon"] as const;

/** The native engine, by its instructions: AVX-512, AVX2 with FMA, NEON. */
export type NativeBuild = (typeof nativeBuilds)[number];

/** What an engine's arithmetic was compiled for: it decides speed and rounding. */
export type Build = WasmBuild | NativeBuild;

/** Every build there is, the fastest first. */
export const allBuilds: readonly Build[] = [...nativeBuilds, "relaxed-simd", "simd"];

/** Whether a build is one of the native engine's. */
export function isNativeBuild(build: Build): build is NativeBuild {
  return (nativeBuilds as readonly Build[]).includes(build);
}

export type { OptimizerConfig };

/** Slots are named `<weight>/<slot>`: `velocity` (mean square), `momentum`, `m`, `v`. */
export type OptimizerState = { name: OptimizerConfig["name"]; step: number; slots: NamedTensor[] };
