// What the engine and its workers say to each other: a few words of shared memory, and one message to begin with.
import type { Kernels } from "./kernels.js";

/** Offsets into the control words, as an Int32Array. */
export const GENERATION = 0; // counts commands; workers wait for it to change
export const PENDING = 1; // workers that have not finished the command
export const COMMAND = 2;
export const FAILED = 3; // 1 + the number of a thread that threw
export const REPORT = 4; // 1: the last to finish posts a message, as the engine's thread may not wait

export const CONTROL_BYTES = 64;

export const commands = { gradient: 0, score: 1, reduce: 2, update: 3 } as const;
export type Command = keyof typeof commands;

/** What a worker gets when it starts. Pointers are byte offsets into `memory`. */
export type Assignment = {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: number;
  thread: number;
  task: number;
  model: number;
};

/** Does one thread's share of a command. */
export function perform(kernels: Kernels, command: number, thread: number, task: number, model: number): void {
  if (command === commands.gradient) kernels.gradient(task);
  else if (command === commands.score) kernels.score(task);
  else if (command === commands.reduce) kernels.reduce(model, thread);
  else kernels.update(model, thread);
}

/** Rounds of looking before a thread goes to sleep, about 50 µs: the next command mostly comes sooner. */
const ROUNDS = 2000;

/** Looks at a word until it is no longer `value`, for a short while; returns whether it changed. */
export function spin(control: Int32Array, word: number, value: number): boolean {
  for (let round = 0; round < ROUNDS; round++) {
    if (Atomics.load(control, word) !== value) return true;
  }
  return false;
}
