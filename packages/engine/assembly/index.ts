import { backward } from "./backward";
import { forward } from "./forward";
import { head } from "./head";
import { Task } from "./structs";
import { exp, sigmoid, tanh } from "./vector";

export { reduce, transposeAll, update } from "./optimizer";
export { peak } from "./peak";
export { multiply, multiplyGradient } from "./product";
export { stream, streams } from "./stream";

/** Forward, loss and backward of one thread's rows. */
export function gradient(task: Task): void {
  if (isIdle(task)) return;
  memory.fill(task.gradient, 0, task.gradientBytes);
  forward(task);
  head(task, true);
  backward(task);
}

/** Forward and loss of one thread's rows. */
export function score(task: Task): void {
  if (isIdle(task)) return;
  forward(task);
  head(task, false);
}

/** A batch of few rows leaves threads without any: their gradient is then not read. */
function isIdle(task: Task): bool {
  if (task.panels) return false;
  task.loss = 0;
  task.correct = 0;
  return true;
}

/** The functions of a cell, applied to `count` numbers in place; for tests of their error bounds. */
export function activation(kind: i32, at: usize, count: usize): void {
  for (const end = at + (count << 2); at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, kind == 0 ? sigmoid(x) : kind == 1 ? tanh(x) : exp(x));
  }
}
