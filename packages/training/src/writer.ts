import { createSampler, logitsOfProbabilities, type Sampler, type SamplerOptions, softmax } from "@charlstm/sampling";
import type { Backend } from "./backend.js";
import { TrainingError } from "./errors.js";

/** How a model is read: one step a character, or the last window again for each. */
export type Context = "stream" | "window";

/** How many texts are written, and what the model sees of them. */
export interface WriterOptions {
  /** Texts written side by side. Default `1`. */
  count?: number | undefined;
  /**
   * `stream` takes one step a character and remembers the whole text; `window` reads the last `window` characters again
   * for each, from a zero state, and samples from float32 probabilities, as the notebook does. Default: the one that the backend's
   * objective trains for, `window` or (for `sequence`) `stream`.
   */
  context?: Context | undefined;
  /** Characters of a window. Default: the architecture's. */
  window?: number | undefined;
}

/** Texts in progress: read a prompt, then draw from `logits` and read what was drawn, over and over. */
export interface Writer {
  readonly count: number;
  /**
   * What the network says comes next in a text: shape `[V]`, natural-log units, valid until the next read. In context `window`
   * these are the logits that the notebook's `sample()` takes its float32 probabilities for.
   */
  next(text: number): Float32Array | Float64Array;
  /** A sampler of what `next` gives. */
  sampler(options: Omit<SamplerOptions, "input">): Sampler;
  /** Reads one or more ids of each text: shape `[steps, count]`. */
  read(ids: ArrayLike<number>): void;
  /** Frees the stream; idempotent. */
  dispose(): void;
}

/** Opens texts in progress on a backend; dispose of it when done. */
export function createWriter(backend: Backend, options: WriterOptions = {}): Writer {
  const { architecture, objective } = backend.options;
  const { count = 1, context = objective === "window" ? "window" : "stream", window = architecture.window } = options;
  const size = architecture.vocabularySize;
  const stream = backend.openStream(count);
  const column = new Uint32Array(count);
  const windows: number[][] = context === "window" ? Array.from({ length: count }, () => []) : [];
  let logits: Float32Array = new Float32Array(0);
  let disposed = false;

  /** Reads what the windows hold from the zero state. */
  function readWindows(): Float32Array {
    stream.reset();
    let last: Float32Array = logits;
    for (let place = 0; place < windows[0]!.length; place++) {
      for (let text = 0; text < count; text++) column[text] = windows[text]![place]!;
      last = stream.step(column);
    }
    return last;
  }

  /** Steps through ids `[steps, count]` and keeps what the network says after the last. */
  function readSteps(ids: ArrayLike<number>): void {
    const steps = ids.length / count;
    if (context === "window") {
      for (let place = Math.max(0, steps - window); place < steps; place++) {
        windows.forEach((held, text) => {
          held.push(ids[place * count + text]!);
          if (held.length > window) held.shift();
        });
      }
      logits = Float32Array.from(readWindows());
      return;
    }
    let last: Float32Array = logits;
    for (let place = 0; place < steps; place++) {
      for (let text = 0; text < count; text++) column[text] = ids[place * count + text]!;
      last = stream.step(column);
    }
    logits = Float32Array.from(last);
  }

  return {
    count,
    next(text) {
      if (logits.length === 0)
        throw new TrainingError("EMPTY_PROMPT", "nothing was read yet: give at least one character to start from");
      const own = logits.subarray(text * size, (text + 1) * size);
      return context === "window" ? logitsOfProbabilities(Float32Array.from(softmax(own))) : own;
    },
    sampler: (samplerOptions) => createSampler(samplerOptions),
    read: readSteps,
    dispose() {
      if (!disposed) stream.dispose();
      disposed = true;
    },
  };
}
