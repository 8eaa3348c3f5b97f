// Dropout without stored masks: each element's fate is a hash of the step's key and of the element's position in the
// whole batch, so the backward pass finds the same mask again, and threads may share the rows as they like.
import { Layer, Task } from "./structs";

/** to = from without the dropped elements, the others scaled up; both [panels][units][8] of time step `time`. */
export function drop(task: Task, layer: Layer, time: usize, firstPanel: usize, panels: usize, from: usize, to: usize): void {
  const units = layer.units;
  const threshold = i32x4.splat(task.dropoutThreshold);
  const scale = f32x4.splat(task.dropoutScale);
  const key = i32x4.splat(layer.dropoutKey);
  for (let panel = firstPanel; panel < firstPanel + panels; panel++) {
    const row = <i32>((<u32>time * task.batchRows + task.firstRow + (<u32>panel << 3)) * <u32>units);
    for (let unit: usize = 0; unit < units; unit++) {
      for (let half: usize = 0; half < 2; half++) {
        const first = row + <i32>unit + <i32>half * 4 * <i32>units;
        let hash = v128.xor(key, i32x4.add(i32x4.splat(first), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(<i32>units))));
        hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 16)), i32x4.splat(0x85ebca6b));
        hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 13)), i32x4.splat(0xc2b2ae35));
        hash = i32x4.shr_u(v128.xor(hash, i32x4.shr_u(hash, 16)), 1);
        v128.store(to, v128.and(f32x4.mul(v128.load(from), scale), i32x4.ge_s(hash, threshold)));
        from += 16;
        to += 16;
      }
    }
  }
}
