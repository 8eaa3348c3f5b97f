// Streams in the native library: computed at once, on JavaScript's thread, with the engine's own weights.

import type { StreamCore } from "../core.js";
import type { Settings } from "../options.js";
import type { Binding, Handle, StreamHandle } from "./binding.js";
import { translated } from "./translate.js";

/** What a stream is opened on. */
export type NativeStreams = {
  binding: Binding;
  engine: Handle;
  settings: Settings;
  /** Told of the bytes that a stream takes, and gives back. */
  count: (bytes: number) => void;
};

export class NativeStream implements StreamCore {
  readonly #streams: NativeStreams;
  readonly #handle: StreamHandle;
  readonly #bytes: number;
  readonly #ids: Uint32Array;
  readonly #logits: Float32Array;

  constructor(count: number, streams: NativeStreams) {
    const { binding, engine, settings } = streams;
    this.#streams = streams;
    [this.#handle, this.#bytes] = binding.openStream(engine, Float64Array.of(count));
    this.#ids = new Uint32Array(count);
    this.#logits = new Float32Array(count * settings.vocabularySize);
    streams.count(this.#bytes);
  }

  step(ids: ArrayLike<number>): Float32Array {
    const { binding, engine } = this.#streams;
    this.#ids.set(ids);
    translated(() => binding.streamStep(engine, this.#handle, this.#ids, this.#logits));
    return this.#logits;
  }

  readState(): Float32Array {
    const { binding, engine, settings } = this.#streams;
    const values = new Float32Array(2 * this.#ids.length * settings.units.reduce((a, b) => a + b));
    translated(() => binding.readStream(engine, this.#handle, values));
    return values;
  }

  writeState(values: Float32Array): void {
    const { binding, engine } = this.#streams;
    translated(() => binding.writeStream(engine, this.#handle, values));
  }

  dispose(): void {
    this.#streams.binding.closeStream(this.#handle);
    this.#streams.count(-this.#bytes);
  }
}
