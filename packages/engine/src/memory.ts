// One linear memory, laid out by hand: fixed parts first, then what streams take and give back.
import { EngineError } from "./errors.js";

const PAGE = 65_536;
/** All that a 32-bit address reaches: 4 GiB. */
const MAXIMUM_PAGES = 65_536;
/** What shared memory may grow to, where a host refuses more: telephones reserve all of it at once, and have less than 4 GiB. */
const SMALLER_MAXIMA = [16_384, 8_192, 4_096];

/** A cache line: no two threads write to the same one. */
const ALIGNMENT = 64;

const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Units as the kernels have them: a multiple of four, the added ones zero throughout. */
export const alignUnits = (units: number) => Math.ceil(units / 4) * 4;

/** Hands out byte offsets one after the other; nothing is allocated until a memory of `end` bytes is made. */
export class Arena {
  /** Address 0 and what follows stay unused, so that 0 can mean "none". */
  end = 1024;

  take(bytes: number): number {
    const start = this.end;
    this.end = align(start + bytes);
    return start;
  }
}

/**
 * A memory of at least `bytes`.
 *
 * @throws {EngineError} `OUT_OF_MEMORY`.
 */
export function createMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const initial = Math.ceil(bytes / PAGE);
  if (initial > MAXIMUM_PAGES) throw outOfMemory(bytes);
  let refusal: unknown;
  for (const maximum of [MAXIMUM_PAGES, ...(shared ? SMALLER_MAXIMA : [])]) {
    if (maximum < initial) break;
    try {
      return new WebAssembly.Memory({ initial, maximum, shared });
    } catch (cause) {
      refusal ??= cause;
    }
  }
  throw outOfMemory(bytes, refusal);
}

function outOfMemory(bytes: number, cause?: unknown): EngineError {
  const wanted = `this model needs ${Math.ceil(bytes / 2 ** 20)} MiB of WebAssembly memory`;
  const problem = bytes > MAXIMUM_PAGES * PAGE ? "and WebAssembly has 4096 MiB" : "which this host does not give";
  return new EngineError(
    "OUT_OF_MEMORY",
    `${wanted}, ${problem}: use fewer units, smaller batches, shorter windows or fewer threads`,
    { bytes },
    cause ? { cause } : {},
  );
}

/** Blocks that come and go, at the end of a memory. A freed block is reused by the next request of its size. */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  readonly #free = new Map<number, number[]>();
  #end: number;

  constructor(memory: WebAssembly.Memory, end: number) {
    this.#memory = memory;
    this.#end = align(end);
  }

  /** @throws {EngineError} `OUT_OF_MEMORY`. */
  take(bytes: number): number {
    const size = align(bytes);
    const reused = this.#free.get(size)?.pop();
    if (reused !== undefined) return reused;
    const missing = this.#end + size - this.#memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / PAGE));
      } catch (cause) {
        throw outOfMemory(this.#end + size, cause);
      }
    }
    this.#end += size;
    return this.#end - size;
  }

  give(pointer: number, bytes: number): void {
    const size = align(bytes);
    const blocks = this.#free.get(size);
    if (blocks) blocks.push(pointer);
    else this.#free.set(size, [pointer]);
  }
}
