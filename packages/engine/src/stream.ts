import type { Core, StreamCore } from "./core.js";
import { EngineError } from "./errors.js";
import type { Settings } from "./options.js";
import { checkState } from "./state.js";

/** One or several texts, character by character, each with its own state. */
export interface CharacterStream {
  /** Texts that move together. */
  readonly count: number;
  /**
   * Reads one character of each text.
   *
   * @param ids Shape `[count]`, each in `[0, V)`.
   * @returns Logits of the next characters, shape `[count, V]`; valid until the next step.
   * @throws {EngineError} `BAD_BATCH`, `BUSY`, `CLOSED`.
   */
  step(ids: ArrayLike<number>): Float32Array;
  /** A copy of the state, `[layers][h, c][count][units]`. */
  readState(): Float32Array;
  /** @throws {EngineError} `BAD_WEIGHTS`. */
  writeState(values: Float32Array): void;
  /** Gives the memory back. May be called again. */
  dispose(): void;
}

export type StreamContext = {
  /** What computes; throws when that is closed or busy. */
  idle: () => Core;
  settings: Settings;
  /** The engine's open streams, which end with it. */
  open: Set<CharacterStream>;
};

/** @throws {EngineError} `BAD_OPTION`, `OUT_OF_MEMORY`. */
export function openStream(count: number, context: StreamContext): CharacterStream {
  if (!Number.isInteger(count) || count < 1 || count > 65_536) {
    throw new EngineError("BAD_OPTION", `a stream of ${count} texts, expected 1 to 65536`, { count });
  }
  const stream = new CheckedStream(count, context);
  context.open.add(stream);
  return stream;
}

/** Every call's checks, over whatever computes. */
class CheckedStream implements CharacterStream {
  readonly count: number;
  readonly #context: StreamContext;
  #core: StreamCore | undefined;

  constructor(count: number, context: StreamContext) {
    this.count = count;
    this.#context = context;
    this.#core = context.idle().openStream(count);
  }

  step(ids: ArrayLike<number>): Float32Array {
    const core = this.#idle();
    const { vocabularySize } = this.#context.settings;
    if (ids.length !== this.count) throw badIds(`got ${ids.length} ids, this stream takes ${this.count}`, { ids });
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index]!;
      if (!(id >= 0 && id < vocabularySize && Number.isInteger(id))) {
        throw badIds(`id ${id} is outside the vocabulary of ${vocabularySize}`, { id, index, vocabularySize });
      }
    }
    return core.step(ids);
  }

  readState(): Float32Array {
    return this.#idle().readState();
  }

  writeState(values: Float32Array): void {
    const core = this.#idle();
    checkState(values, 2 * this.count * this.#context.settings.units.reduce((a, b) => a + b));
    core.writeState(values);
  }

  dispose(): void {
    this.#core?.dispose();
    this.#core = undefined;
    this.#context.open.delete(this);
  }

  #idle(): StreamCore {
    this.#context.idle();
    if (!this.#core) throw new EngineError("CLOSED", "the stream was disposed of: open another");
    return this.#core;
  }
}

function badIds(message: string, details: Record<string, unknown>): EngineError {
  return new EngineError("BAD_BATCH", message, details);
}
