// What the native library exports; packages/engine-native/src/node is the other side.

/** An engine as the library hands it out. */
export type Handle = { readonly isHandle: unique symbol };

/** A stream as the library hands it out. */
export type StreamHandle = { readonly isStream: unique symbol };

/** `[loss, correct, gradient's norm, 1 where the weights were changed]`, loss and hits summed. */
type Outcome = readonly [number, number, number, number];

export type Binding = {
  interface: number;
  version: string;
  builds(): string[];
  create(build: string, numbers: Float64Array): [Handle, number];
  step(
    handle: Handle,
    inputs: Uint32Array,
    targets: Uint32Array,
    numbers: Float64Array,
    keys: Uint32Array,
  ): Promise<Outcome>;
  read(handle: Handle, slot: Float64Array, values: Float32Array): void;
  write(handle: Handle, slot: Float64Array, values: Float32Array): void;
  readState(handle: Handle, values: Float32Array): void;
  writeState(handle: Handle, values: Float32Array): void;
  resetState(handle: Handle): void;
  openStream(handle: Handle, texts: Float64Array): [StreamHandle, number];
  streamStep(handle: Handle, stream: StreamHandle, ids: Uint32Array, logits: Float32Array): void;
  readStream(handle: Handle, stream: StreamHandle, values: Float32Array): void;
  writeStream(handle: Handle, stream: StreamHandle, values: Float32Array): void;
  closeStream(stream: StreamHandle): void;
  stop(handle: Handle): void;
  close(handle: Handle): void;
  measure(build: string, name: string, numbers: Float64Array): number;
  measureBarrier(numbers: Float64Array): number;
  activate(build: string, kind: Float64Array, values: Float32Array): void;
};

/** Changes whenever the functions above do: a library with another one is not called. */
export const INTERFACE = 3;
