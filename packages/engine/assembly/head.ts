// The softmax head: logits, loss and the way back, a few hundred rows at a time.
import { spread } from "./forward";
import { packLeft, packRight, sumRows } from "./pack";
import { multiply, multiplyGradient } from "./product";
import { HEAD_PANELS, Layer, Task } from "./structs";
import { exp } from "./vector";

/** Loss and hits of the batch into `task`; with `training`, also the head's gradients and the top layer's output gradient. */
export function head(task: Task, training: bool): void {
  const top = changetype<Layer>(task.layers + (task.layerCount - 1) * offsetof<Layer>());
  const units = top.units, columns = (task.vocabulary + 7) & ~7;
  const panels = task.sequence ? task.length * task.panels : task.panels;
  let from = top.output, gradient = top.outputGradient, targets = task.targets;
  if (!task.sequence) from += ((task.length - 1) * panels * units) << 5;
  let loss: f64 = 0;
  task.correct = 0;
  for (let first: usize = 0; first < panels; first += HEAD_PANELS) {
    const count = min(HEAD_PANELS, panels - first);
    headLogits(task, from, count, units, columns);
    loss += softmax(task, targets, count, columns, training);
    if (training) {
      const rows = count << 3, bytes = (count * units) << 5;
      memory.fill(gradient, 0, bytes);
      multiply(task.denseTransposed, task.logits, gradient, units >> 2, count, columns);
      packLeft(from, task.left, count, units, 0, rows);
      packRight(task.logits, task.right, count, columns);
      multiplyGradient(task.left, task.right, task.denseGradient, units, columns, 0, rows);
      sumRows(task.right, task.denseBiasGradient, columns, rows);
      gradient += bytes;
    }
    from += (count * units) << 5;
    targets += count << 5;
  }
  task.loss = <f32>loss;
}

/** logits [count][columns][8] = bias + h · dense. */
export function headLogits(task: Task, from: usize, count: usize, units: usize, columns: usize): void {
  let to = task.logits;
  for (let panel: usize = 0; panel < count; panel++) to = spread(task.denseBias, to, columns);
  multiply(task.dense, from, task.logits, columns >> 2, count, units);
}

/** Sum of -ln p(target) over the rows; in training, logits become (p - one-hot) * scale, zero where a row or column only pads. */
function softmax(task: Task, targets: usize, panels: usize, columns: usize, training: bool): f64 {
  const vocabulary = task.vocabulary;
  let loss: f64 = 0;
  for (let half: usize = 0; half < panels << 1; half++) {
    const start = task.logits + (((half >> 1) * columns) << 5) + ((half & 1) << 4);
    const end = start + (vocabulary << 5);
    let largest = v128.load(start);
    let best = i32x4.splat(<i32>start);
    for (let at = start + 32; at < end; at += 32) {
      const x = v128.load(at);
      best = v128.bitselect(i32x4.splat(<i32>at), best, f32x4.gt(x, largest));
      largest = f32x4.pmax(largest, x);
    }
    const correct = i32x4(target(targets, 0), target(targets, 1), target(targets, 2), target(targets, 3));
    const used = i32x4.ge_s(correct, i32x4.splat(0));
    const hits = v128.and(used, i32x4.eq(best, i32x4.add(i32x4.shl(correct, 5), i32x4.splat(<i32>start))));
    task.correct += popcnt(i32x4.bitmask(hits));
    let chosen = 0.0;
    for (let row: usize = 0; row < 4; row++) {
      const id = load<i32>(targets + (row << 2));
      if (id >= 0) chosen += <f64>load<f32>(start + (id << 5) + (row << 2));
    }
    let sum = f32x4.splat(0);
    for (let at = start; at < end; at += 32) {
      const e = exp(f32x4.sub(v128.load(at), largest));
      sum = f32x4.add(sum, e);
      if (training) v128.store(at, e);
    }
    const mask = i32x4.bitmask(used);
    if (mask & 1) loss += <f64>f32x4.extract_lane(largest, 0) + log(<f64>f32x4.extract_lane(sum, 0));
    if (mask & 2) loss += <f64>f32x4.extract_lane(largest, 1) + log(<f64>f32x4.extract_lane(sum, 1));
    if (mask & 4) loss += <f64>f32x4.extract_lane(largest, 2) + log(<f64>f32x4.extract_lane(sum, 2));
    if (mask & 8) loss += <f64>f32x4.extract_lane(largest, 3) + log(<f64>f32x4.extract_lane(sum, 3));
    loss -= chosen;
    if (training) {
      const factor = v128.and(used, f32x4.div(f32x4.splat(task.scale), sum));
      for (let at = start; at < end; at += 32) v128.store(at, f32x4.mul(v128.load(at), factor));
      for (let at = end; at < start + (columns << 5); at += 32) v128.store(at, f32x4.splat(0));
      for (let row: usize = 0; row < 4; row++) {
        const id = load<i32>(targets + (row << 2));
        if (id >= 0) {
          const place = start + (id << 5) + (row << 2);
          store<f32>(place, load<f32>(place) - task.scale);
        }
      }
    }
    targets += 16;
  }
  return loss;
}

// @ts-ignore: decorator
@inline function target(targets: usize, row: usize): i32 { return load<i32>(targets + (row << 2)); }

/** Natural logarithm of a normal number; relative error 1e-9. (The standard library's needs a table in static memory.) */
function log(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let exponent = <i32>(bits >> 52) - 1023;
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent++;
  }
  if (!(x < Infinity)) return x;
  const s = (mantissa - 1) / (mantissa + 1), s2 = s * s;
  return <f64>exponent * 0.6931471805599453
    + 2 * s * (1 + s2 * (1 / 3.0 + s2 * (1 / 5.0 + s2 * (1 / 7.0 + s2 * (1 / 9.0 + s2 * (1 / 11.0 + s2 / 13.0))))));
}
