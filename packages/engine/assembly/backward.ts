// The backward pass: layers from the top, time steps from the last; the gradients of weights follow in chunks of about
// 256 rows of (time step, batch row), while those rows are still in the cache.
import { drop } from "./dropout";
import { packLeft, sumRows } from "./pack";
import { multiply, multiplyGradient } from "./product";
import { GRADIENT_ROWS, Layer, Task } from "./structs";
import { flush, madd, storeTransposed } from "./vector";

const GROUP: usize = 4;

export function backward(task: Task): void {
  for (let index = task.layerCount; index-- > 0; ) {
    const layer = changetype<Layer>(task.layers + index * offsetof<Layer>());
    backwardLayer(task, layer, index > 0 ? changetype<Layer>(task.layers + (index - 1) * offsetof<Layer>()) : changetype<Layer>(0));
  }
}

function backwardLayer(task: Task, layer: Layer, below: Layer): void {
  const panels = task.panels, units = layer.units, inputs = layer.inputs;
  const steps = max<usize>(1, GRADIENT_ROWS / (panels << 3));
  memory.fill(layer.cellGradient, 0, (panels * units) << 5);
  for (let end = task.length; end > 0; ) {
    const start = end > steps ? end - steps : 0;
    const depth = ((end - start) * panels) << 3;
    for (let time = end; time-- > start; ) {
      backwardStep(task, layer, time, ((time - start) * panels) << 3, depth);
      if (changetype<usize>(below)) {
        const to = below.outputGradient + ((time * panels * inputs) << 5);
        memory.fill(to, 0, (panels * inputs) << 5);
        multiply(layer.inputTransposed, layer.gates + ((time * panels * units) << 7), to, inputs >> 2, panels, units << 2);
      }
    }
    const columns = units << 2;
    packLeft(layer.hidden + ((start * panels * units) << 5), task.left, depth >> 3, units, 0, depth);
    // The state before the first window character is zero, and so is its share of the gradient.
    const from = start == 0 && !task.sequence ? panels << 3 : 0;
    multiplyGradient(task.left, task.right, layer.recurrentGradient, units, columns, from, depth);
    if (changetype<usize>(below)) {
      packLeft(below.output + ((start * panels * inputs) << 5), task.left, depth >> 3, inputs, 0, depth);
      multiplyGradient(task.left, task.right, layer.inputGradient, inputs, columns, 0, depth);
      sumRows(task.right, layer.biasGradient, columns, depth);
    } else {
      scatter(task.ids + ((start * panels) << 5), task.right, layer.inputGradient, inputs, columns, depth);
    }
    end = start;
  }
  // Each row looked up one row of the table, so the table's gradient sums up to the bias's.
  if (!changetype<usize>(below)) sumTable(layer.inputGradient, layer.biasGradient, units, inputs);
}

/** Gradients of one time step's gate inputs: in place of the gates, and as rows `row` on of the right operand. */
function backwardStep(task: Task, layer: Layer, time: usize, row: usize, depth: usize): void {
  const panels = task.panels, units = layer.units, slab = (panels * units) << 5;
  const isTop = changetype<usize>(layer) == task.layers + (task.layerCount - 1) * offsetof<Layer>();
  const single = isTop && !task.sequence;
  for (let first: usize = 0; first < panels; first += GROUP) {
    const count = min(GROUP, panels - first);
    const at = (first * units) << 5, bytes = (count * units) << 5;
    const gradient = task.hiddenGradient + at;
    const given = layer.outputGradient + (single ? 0 : time * slab) + at;
    if (single && time + 1 < task.length) memory.fill(gradient, 0, bytes);
    else if (task.dropoutThreshold) drop(task, layer, time, first, count, given, gradient);
    else memory.copy(gradient, given, bytes);
    const gates = layer.gates + ((time * slab + at) << 2);
    if (time + 1 < task.length) multiply(layer.recurrentTransposed, gates + (slab << 2), gradient, units >> 2, count, units << 2);
    for (let panel: usize = 0; panel < count; panel++) {
      const offset = (panel * units) << 5, cell = time * slab + at + offset;
      cellBackward(gates + (offset << 2), layer.cells + cell, layer.tanhCells + cell, gradient + offset,
        layer.cellGradient + at + offset, units, task.right + ((row + ((first + panel) << 3)) << 5), depth << 5);
    }
  }
}

// One panel of eight rows. With h = o tanh(c), c = f c' + i g and dh, dc given:
// dc += dh o (1 - tanh(c)^2);  di = dc g, df = dc c', dg = dc i, do = dh tanh(c), each times its activation's slope.
function cellBackward(gates: usize, before: usize, tanhCells: usize, dh: usize, dc: usize, units: usize, right: usize, pair: usize): void {
  const one = f32x4.splat(1);
  for (let unit: usize = 0; unit < units; unit++) {
    const to = right + (unit >> 1) * pair + ((unit & 1) << 4);
    for (let half: usize = 0; half < 32; half += 16) {
      const z = gates + half;
      const i = v128.load(z), f = v128.load(z, 32), g = v128.load(z, 64), o = v128.load(z, 96);
      const t = v128.load(tanhCells + half), h = flush(v128.load(dh + half));
      const ho = f32x4.mul(h, o);
      const c = flush(madd(f32x4.sub(one, f32x4.mul(t, t)), ho, v128.load(dc + half)));
      v128.store(dc + half, f32x4.mul(c, f));
      const zi = f32x4.mul(f32x4.mul(f32x4.mul(c, g), i), f32x4.sub(one, i));
      const zf = f32x4.mul(f32x4.mul(f32x4.mul(c, v128.load(before + half)), f), f32x4.sub(one, f));
      const zg = f32x4.mul(f32x4.mul(c, i), f32x4.sub(one, f32x4.mul(g, g)));
      const zo = f32x4.mul(f32x4.mul(ho, t), f32x4.sub(one, o));
      v128.store(z, zi); v128.store(z, zf, 32); v128.store(z, zg, 64); v128.store(z, zo, 96);
      storeTransposed(to + (half << 3), 32, zi, zf, zg, zo);
    }
    gates += 128; before += 32; tanhCells += 32; dh += 32; dc += 32;
  }
}

/** table [columns / 4][vocabulary][4] += row by row of [columns / 8][depth][8], each to the row of its id. */
function scatter(ids: usize, from: usize, table: usize, vocabulary: usize, columns: usize, depth: usize): void {
  const next = vocabulary << 4;
  for (let column: usize = 0; column < columns; column += 8) {
    for (let row: usize = 0; row < depth; row++) {
      const low = table + (load<usize>(ids + (row << 2)) << 4), high = low + next;
      v128.store(low, f32x4.add(v128.load(low), v128.load(from)));
      v128.store(high, f32x4.add(v128.load(high), v128.load(from, 16)));
      from += 32;
    }
    table += next << 1;
  }
}

function sumTable(table: usize, sums: usize, units: usize, rows: usize): void {
  for (let unit: usize = 0; unit < units; unit++) {
    let sum = v128.load(sums);
    for (let row: usize = 0; row < rows; row++) {
      sum = f32x4.add(sum, v128.load(table));
      table += 16;
    }
    v128.store(sums, sum);
    sums += 16;
  }
}
