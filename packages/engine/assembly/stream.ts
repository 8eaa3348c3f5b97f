// Character streams: one character at a time, for one text or several.
import { forward } from "./forward";
import { headLogits } from "./head";
import { Layer, Task } from "./structs";
import { madd, sigmoid, tanh, low, high, lowPair, highPair } from "./vector";

/** Several streams: one forward step of `task.panels` panels; logits [count][vocabulary] go to `to`. */
export function streams(task: Task, count: usize, to: usize): void {
  forward(task);
  const top = changetype<Layer>(task.layers + (task.layerCount - 1) * offsetof<Layer>());
  const columns = (task.vocabulary + 7) & ~7;
  headLogits(task, top.output, task.panels, top.units, columns);
  for (let row: usize = 0; row < count; row++) {
    let from = task.logits + (((row >> 3) * columns) << 5) + ((row & 7) << 2);
    for (let id: usize = 0; id < task.vocabulary; id++) {
      store<f32>(to, load<f32>(from));
      from += 32;
      to += 4;
    }
  }
}

/**
 * One stream: products of matrix and vector, in the same order of sums as the products of many rows, so with the same
 * bits. Per layer `hidden` and `cells` are plain vectors [U], `gates` is scratch [U][4]; logits go to `task.logits`.
 */
export function stream(task: Task, id: usize): void {
  let input: usize = 0, inputs: usize = 0;
  for (let index: usize = 0; index < task.layerCount; index++) {
    const layer = changetype<Layer>(task.layers + index * offsetof<Layer>());
    if (index == 0) {
      const next = layer.inputs << 4;
      let row = layer.input + (id << 4);
      for (let at: usize = 0; at < layer.units << 4; at += 16) {
        v128.store(layer.gates + at, f32x4.add(v128.load(layer.bias + at), v128.load(row)));
        row += next;
      }
    } else {
      memory.copy(layer.gates, layer.bias, layer.units << 4);
      multiplyVector(layer.input, input, layer.gates, layer.units, inputs);
    }
    multiplyVector(layer.recurrent, layer.hidden, layer.gates, layer.units, layer.units);
    activateVector(layer.gates, layer.cells, layer.hidden, layer.units);
    input = layer.hidden;
    inputs = layer.units;
  }
  const columns = (task.vocabulary + 7) & ~7;
  memory.copy(task.logits, task.denseBias, columns << 2);
  multiplyVector(task.dense, input, task.logits, columns >> 2, inputs);
}

/** C[blocks][4] += A[blocks][depth][4] · x[depth]: four blocks together, then what is left. */
function multiplyVector(a: usize, x: usize, c: usize, blocks: usize, depth: usize): void {
  const panel = depth << 4, end = x + (depth << 2);
  let block: usize = 0;
  for (; block + 4 <= blocks; block += 4) {
    let c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
    let a1 = a + panel, a2 = a1 + panel, a3 = a2 + panel;
    for (let k = x; k < end; k += 4) {
      const s = v128.load_splat<f32>(k);
      c0 = madd(v128.load(a), s, c0); c1 = madd(v128.load(a1), s, c1);
      c2 = madd(v128.load(a2), s, c2); c3 = madd(v128.load(a3), s, c3);
      a += 16; a1 += 16; a2 += 16; a3 += 16;
    }
    v128.store(c, c0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
    a = a3;
    c += 64;
  }
  for (; block < blocks; block++) {
    let sum = v128.load(c);
    for (let k = x; k < end; k += 4) {
      sum = madd(v128.load(a), v128.load_splat<f32>(k), sum);
      a += 16;
    }
    v128.store(c, sum);
    c += 16;
  }
}

function activateVector(gates: usize, cells: usize, hidden: usize, units: usize): void {
  for (let unit: usize = 0; unit < units; unit += 4) {
    const u0 = v128.load(gates), u1 = v128.load(gates, 16), u2 = v128.load(gates, 32), u3 = v128.load(gates, 48);
    const p = low(u0, u1), q = low(u2, u3), P = high(u0, u1), Q = high(u2, u3);
    const i = sigmoid(lowPair(p, q)), f = sigmoid(highPair(p, q)), g = tanh(lowPair(P, Q)), o = sigmoid(highPair(P, Q));
    const c = madd(f, v128.load(cells), f32x4.mul(i, g));
    v128.store(cells, c);
    v128.store(hidden, f32x4.mul(o, tanh(c)));
    gates += 64; cells += 16; hidden += 16;
  }
}
