// The threads of an engine. The engine's own thread takes a share where it may wait for the others; the main thread of
// a page may not, so there workers do everything and the last one to finish sends a message.
import { EngineError } from "./errors.js";
import type { Host } from "./host.js";
import type { Kernels } from "./kernels.js";
import {
  type Assignment,
  COMMAND,
  CONTROL_BYTES,
  type Command,
  commands,
  FAILED,
  GENERATION,
  PENDING,
  perform,
  REPORT,
  spin,
} from "./protocol.js";

export type ThreadPoolOptions = {
  host: Host;
  module: WebAssembly.Module;
  kernels: Kernels;
  memory: WebAssembly.Memory;
  /** Byte offset of the control words. */
  control: number;
  /** One task a thread. */
  tasks: readonly number[];
  model: number;
  /** Whether a call lasts so long that the engine's thread should stay free meanwhile. */
  isLong: boolean;
};

type AnyWorker = import("node:worker_threads").Worker | Worker;

/** How long to wait for workers before looking whether one of them is gone. */
const PATIENCE_MS = 100;

export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #control: Int32Array;
  /** Whether the engine's thread does the first share itself. */
  readonly #takesPart: boolean;
  #workers: AnyWorker[] = [];
  #failure: EngineError | undefined;
  #onMessage: (() => void) | undefined;

  private constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#control = new Int32Array(options.memory.buffer, options.control, CONTROL_BYTES / 4);
    this.#takesPart = !options.isLong && (options.tasks.length === 1 || options.host.canWait);
  }

  /** @throws {EngineError} `WORKER_FAILED`. */
  static async start(options: ThreadPoolOptions): Promise<ThreadPool> {
    const pool = new ThreadPool(options);
    try {
      const threads = [...options.tasks.keys()].filter((thread) => thread > 0 || !pool.#takesPart);
      await Promise.all(threads.map((thread) => pool.#startWorker(thread)));
    } catch (error) {
      await pool.dispose();
      throw error;
    }
    return pool;
  }

  /**
   * Has every thread do its share of a command.
   *
   * @throws {EngineError} `WORKER_FAILED`, `CLOSED`.
   */
  async run(command: Command): Promise<void> {
    const control = this.#control;
    const { kernels, tasks, model } = this.#options;
    if (this.#failure) throw this.#failure;
    if (this.#workers.length > 0) {
      control[COMMAND] = commands[command];
      control[REPORT] = this.#takesPart ? 0 : 1;
      Atomics.store(control, PENDING, this.#workers.length);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
    }
    try {
      if (this.#takesPart) perform(kernels, commands[command], 0, tasks[0]!, model);
    } catch (cause) {
      this.#fail("the engine's own share of a step failed", cause);
    }
    if (this.#takesPart) await this.#wait();
    else await this.#listen();
    if (control[FAILED]) this.#fail(`thread ${control[FAILED] - 1} failed in the middle of a step`);
    if (this.#failure) throw this.#failure;
  }

  /** Ends the threads; a command under way ends with `CLOSED`. */
  async dispose(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    this.#failure ??= new EngineError("CLOSED", "the engine was closed in the middle of a call: make a new one");
    this.#onMessage?.();
    await Promise.all(
      workers.map((worker) => ("on" in worker ? worker.removeAllListeners().terminate() : worker.terminate())),
    );
  }

  async #wait(): Promise<void> {
    const control = this.#control;
    for (let pending = control[PENDING]!; pending > 0 && !this.#failure; pending = Atomics.load(control, PENDING)) {
      if (spin(control, PENDING, pending)) continue;
      // A worker that died cannot count itself down; its exit is an event, which needs a turn of the event loop.
      if (Atomics.wait(control, PENDING, pending, PATIENCE_MS) === "timed-out") {
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
  }

  async #listen(): Promise<void> {
    while (Atomics.load(this.#control, PENDING) > 0 && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#onMessage = resolve;
        setTimeout(resolve, PATIENCE_MS);
      });
    }
  }

  #fail(message: string, cause?: unknown): void {
    this.#failure ??= new EngineError(
      "WORKER_FAILED",
      `${message}; the engine is closed: make a new one, from the last saved weights`,
      {},
      cause ? { cause } : {},
    );
    this.#onMessage?.();
  }

  #startWorker(thread: number): Promise<void> {
    const { host, module, memory, control, tasks, model } = this.#options;
    const assignment: Assignment = { module, memory, control, thread, task: tasks[thread]!, model };
    // Named so, and with its arguments in place, because bundlers look for just this expression.
    const Worker = (host.workerThreads?.Worker ?? globalThis.Worker) as new (url: URL, options: object) => AnyWorker;
    // Node would hand its own flags on, and those of `node --eval` do not suit a file.
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", execArgv: [] });
    return new Promise((resolve, reject) => {
      const fail = (cause?: unknown) => {
        this.#fail(`thread ${thread} died`, cause);
        reject(this.#failure);
      };
      const receive = (message: unknown) => {
        if (message === "ready") resolve();
        else this.#onMessage?.();
      };
      if ("on" in worker) {
        worker.on("message", (message) => {
          worker.unref(); // an idle engine keeps no process alive
          receive(message);
        });
        worker.on("error", fail);
        worker.on("exit", () => fail());
      } else {
        worker.addEventListener("message", ({ data }) => receive(data));
        worker.addEventListener("error", fail);
      }
      worker.postMessage(assignment);
      this.#workers.push(worker);
    });
  }
}
