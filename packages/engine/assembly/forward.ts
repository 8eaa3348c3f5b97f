// The forward pass: layer after layer, each over all time steps; a few panels at a time, so that what a product leaves
// is still in the cache when the activations read it.
import { drop } from "./dropout";
import { multiply } from "./product";
import { Layer, Task } from "./structs";
import { madd, sigmoid, storeTransposed, tanh } from "./vector";

/** Panels that go through product and activation together. */
const GROUP: usize = 4;

export function forward(task: Task): void {
  let below = changetype<Layer>(0);
  for (let index: usize = 0; index < task.layerCount; index++) {
    const layer = changetype<Layer>(task.layers + index * offsetof<Layer>());
    forwardLayer(task, layer, below);
    below = layer;
  }
}

function forwardLayer(task: Task, layer: Layer, below: Layer): void {
  const panels = task.panels, units = layer.units;
  const slab = (panels * units) << 5;
  startState(task, layer, slab);
  for (let time: usize = 0; time < task.length; time++) {
    const past = time * slab;
    for (let first: usize = 0; first < panels; first += GROUP) {
      const count = min(GROUP, panels - first);
      const at = past + ((first * units) << 5);
      const gates = layer.gates + (at << 2);
      if (changetype<usize>(below) == 0) {
        lookUp(task.ids + ((time * panels + first) << 5), layer, gates, count);
      } else {
        spreadGates(layer, gates, count);
        const inputs = layer.inputs;
        multiply(layer.input, below.output + (((time * panels + first) * inputs) << 5), gates, units, count, inputs);
      }
      // A zero state adds nothing: the window objective's first step has no recurrent product.
      if (time > 0 || task.sequence) multiply(layer.recurrent, layer.hidden + at, gates, units, count, units);
      activate(gates, layer.cells + at, layer.cells + slab + at, layer.hidden + slab + at, layer.tanhCells + at, count * units);
      if (task.dropoutThreshold) drop(task, layer, time, first, count, layer.hidden + slab + at, layer.output + at);
    }
  }
  if (layer.stateHidden) {
    memory.copy(layer.stateHidden, layer.hidden + task.length * slab, slab);
    memory.copy(layer.stateCells, layer.cells + task.length * slab, slab);
  }
}

function startState(task: Task, layer: Layer, slab: usize): void {
  if (layer.stateHidden) {
    memory.copy(layer.hidden, layer.stateHidden, slab);
    memory.copy(layer.cells, layer.stateCells, slab);
  } else {
    memory.fill(layer.hidden, 0, slab);
    memory.fill(layer.cells, 0, slab);
  }
}

/** gates = bias + the table's row of each id: the product with a one-hot input. */
function lookUp(ids: usize, layer: Layer, gates: usize, panels: usize): void {
  const next = layer.inputs << 4;
  for (let panel: usize = 0; panel < panels; panel++) {
    const i0 = load<usize>(ids) << 4, i1 = load<usize>(ids, 4) << 4, i2 = load<usize>(ids, 8) << 4, i3 = load<usize>(ids, 12) << 4;
    const i4 = load<usize>(ids, 16) << 4, i5 = load<usize>(ids, 20) << 4, i6 = load<usize>(ids, 24) << 4, i7 = load<usize>(ids, 28) << 4;
    let table = layer.input, bias = layer.bias;
    for (let unit: usize = 0; unit < layer.units; unit++) {
      const b = v128.load(bias);
      storeTransposed(gates, 32, f32x4.add(b, v128.load(table + i0)), f32x4.add(b, v128.load(table + i1)),
        f32x4.add(b, v128.load(table + i2)), f32x4.add(b, v128.load(table + i3)));
      storeTransposed(gates + 16, 32, f32x4.add(b, v128.load(table + i4)), f32x4.add(b, v128.load(table + i5)),
        f32x4.add(b, v128.load(table + i6)), f32x4.add(b, v128.load(table + i7)));
      table += next;
      bias += 16;
      gates += 128;
    }
    ids += 32;
  }
}

function spreadGates(layer: Layer, gates: usize, panels: usize): void {
  for (let panel: usize = 0; panel < panels; panel++) gates = spread(layer.bias, gates, layer.units << 2);
}

/** Writes each of `count` biases into the eight places of its column, [count][8]; returns the end. */
export function spread(bias: usize, to: usize, count: usize): usize {
  for (let index: usize = 0; index < count; index++) {
    const b = v128.load_splat<f32>(bias);
    v128.store(to, b);
    v128.store(to, b, 16);
    bias += 4;
    to += 32;
  }
  return to;
}

// z → i, f, g, o in place; c = f c' + i g; h = o tanh(c). `count` units of eight rows each.
// Two passes over what the first-level cache holds: tanh(c) waits for the gates, and in one pass the processor would too.
function activate(gates: usize, before: usize, cells: usize, hidden: usize, tanhCells: usize, count: usize): void {
  for (const end = hidden + (count << 5); hidden < end; ) {
    const stop = min(hidden + 2048, end), bytes = stop - hidden;
    for (const last = gates + (bytes << 2); gates < last; gates += 128) {
      for (let half: usize = 0; half < 32; half += 16) {
        const z = gates + half;
        v128.store(z, sigmoid(v128.load(z)));
        v128.store(z, sigmoid(v128.load(z, 32)), 32);
        v128.store(z, tanh(v128.load(z, 64)), 64);
        v128.store(z, sigmoid(v128.load(z, 96)), 96);
      }
    }
    for (let unit = gates - (bytes << 2); hidden < stop; unit += 128) {
      for (let half: usize = 0; half < 32; half += 16) {
        const z = unit + half;
        const c = madd(v128.load(z, 32), v128.load(before + half), f32x4.mul(v128.load(z), v128.load(z, 64)));
        const t = tanh(c);
        v128.store(cells + half, c);
        v128.store(tanhCells + half, t);
        v128.store(hidden + half, f32x4.mul(v128.load(z, 96), t));
      }
      before += 32; cells += 32; hidden += 32; tanhCells += 32;
    }
  }
}
