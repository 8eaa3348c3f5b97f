// Gradients of all threads → one, its norm, and the update: each thread takes a range of every tensor.
import { packTransposed } from "./pack";
import { Model, Tensor } from "./structs";
import { finiteOr, flush, madd } from "./vector";

/** Adds the threads' gradients of this thread's ranges, in the order of the threads, and sums their squares. */
export function reduce(model: Model, thread: usize): void {
  let squares: f64 = 0;
  for (let index: usize = 0; index < model.tensorCount; index++) {
    const tensor = changetype<Tensor>(model.tensors + index * offsetof<Tensor>());
    squares += reduceRange(model, tensor.offset + rangeStart(model, tensor, thread), tensor.offset + rangeStart(model, tensor, thread + 1));
  }
  store<f64>(model.squares + (thread << 3), squares);
}

/**
 * The optimizer's rule on this thread's ranges; then the transposed copies of what changed. Gradients are finite here, but
 * times a huge rate they may not be: such a number keeps its value, so that no weight and no slot ever is NaN or infinite.
 */
export function update(model: Model, thread: usize): void {
  for (let index: usize = 0; index < model.tensorCount; index++) {
    const tensor = changetype<Tensor>(model.tensors + index * offsetof<Tensor>());
    const start = tensor.offset + rangeStart(model, tensor, thread), end = tensor.offset + rangeStart(model, tensor, thread + 1);
    if (model.rule == 0) descend(model, start, end);
    else if (model.rule == 1) rmsprop(model, start, end);
    else adam(model, start, end);
    transpose(model, tensor, thread);
  }
}

/** Refreshes the transposed copies alone, after weights were written from outside. */
export function transposeAll(model: Model): void {
  for (let index: usize = 0; index < model.tensorCount; index++) {
    const tensor = changetype<Tensor>(model.tensors + index * offsetof<Tensor>());
    for (let thread: usize = 0; thread < model.threads; thread++) transpose(model, tensor, thread);
  }
}

/** Threads share a tensor by whole blocks, so that each can transpose what it updated. */
// @ts-ignore: decorator
@inline function firstBlock(model: Model, tensor: Tensor, thread: usize): usize {
  return <usize>(<u64>tensor.blocks * thread / model.threads);
}

// @ts-ignore: decorator
@inline function rangeStart(model: Model, tensor: Tensor, thread: usize): usize {
  return (firstBlock(model, tensor, thread) * tensor.rows) << 4;
}

function transpose(model: Model, tensor: Tensor, thread: usize): void {
  if (!tensor.transposed) return;
  packTransposed(model.weights + tensor.offset, tensor.transposed, tensor.blocks, tensor.rows,
    firstBlock(model, tensor, thread), firstBlock(model, tensor, thread + 1));
}

function reduceRange(model: Model, start: usize, end: usize): f64 {
  let total: f64 = 0;
  while (start < end) {
    // Squares are summed in float32 over 4 KB at a time, the parts in float64.
    const stop = min(end, start + 4096);
    let squares = f32x4.splat(0);
    for (; start < stop; start += 16) {
      const to = model.gradient + start;
      let sum = v128.load(to);
      for (let other: usize = 1; other < model.gradients; other++) sum = f32x4.add(sum, v128.load(to + other * model.gradientStride));
      v128.store(to, sum);
      squares = madd(sum, sum, squares);
    }
    total += <f64>f32x4.extract_lane(squares, 0) + <f64>f32x4.extract_lane(squares, 1)
      + <f64>f32x4.extract_lane(squares, 2) + <f64>f32x4.extract_lane(squares, 3);
  }
  return total;
}

// m = momentum m - rate g; w += m
function descend(model: Model, start: usize, end: usize): void {
  const scale = f32x4.splat(model.scale * model.learningRate), momentum = f32x4.splat(model.momentum);
  for (; start < end; start += 16) {
    const w = model.weights + start;
    let step = f32x4.mul(scale, v128.load(model.gradient + start));
    if (model.first) {
      const before = v128.load(model.first + start);
      step = flush(f32x4.sub(step, f32x4.mul(momentum, before)));
      v128.store(model.first + start, finiteOr(f32x4.neg(step), before));
    }
    const before = v128.load(w);
    v128.store(w, finiteOr(f32x4.sub(before, step), before));
  }
}

// v = rho v + (1 - rho) g^2; step = rate g / sqrt(v + epsilon); with momentum m = momentum m + step; w -= m
function rmsprop(model: Model, start: usize, end: usize): void {
  const scale = f32x4.splat(model.scale), rate = f32x4.splat(model.learningRate), momentum = f32x4.splat(model.momentum);
  const rho = f32x4.splat(model.square), rest = f32x4.splat(1 - model.square), epsilon = f32x4.splat(model.epsilon);
  for (; start < end; start += 16) {
    const w = model.weights + start;
    const g = f32x4.mul(scale, v128.load(model.gradient + start));
    const v = flush(madd(rho, v128.load(model.first + start), f32x4.mul(rest, f32x4.mul(g, g))));
    v128.store(model.first + start, v);
    let step = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(v, epsilon)));
    if (model.second) {
      const before = v128.load(model.second + start);
      step = flush(madd(momentum, before, step));
      v128.store(model.second + start, finiteOr(step, before));
    }
    const before = v128.load(w);
    v128.store(w, finiteOr(f32x4.sub(before, step), before));
  }
}

// w -= decay w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate m / (sqrt(v) + epsilon), `rate` bias-corrected by the host
function adam(model: Model, start: usize, end: usize): void {
  const scale = f32x4.splat(model.scale), rate = f32x4.splat(model.learningRate), epsilon = f32x4.splat(model.epsilon);
  const b1 = f32x4.splat(1 - model.momentum), b2 = f32x4.splat(1 - model.square), keep = f32x4.splat(1 - model.decay);
  for (; start < end; start += 16) {
    const w = model.weights + start;
    const g = f32x4.mul(scale, v128.load(model.gradient + start));
    let m = v128.load(model.first + start), v = v128.load(model.second + start);
    m = flush(madd(b1, f32x4.sub(g, m), m));
    v = flush(madd(b2, f32x4.sub(f32x4.mul(g, g), v), v));
    v128.store(model.first + start, m);
    v128.store(model.second + start, v);
    const step = f32x4.div(f32x4.mul(rate, m), f32x4.add(f32x4.sqrt(v), epsilon));
    const before = v128.load(w);
    v128.store(w, finiteOr(f32x4.sub(f32x4.mul(keep, before), step), before));
  }
}
