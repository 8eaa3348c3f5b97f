import type { Settings } from "./options.js";
import type { Plan } from "./plan.js";
import { layerStruct, modelStruct, taskStruct, tensorStruct } from "./structs.js";

/** Writes what stays the same from call to call: where weights, gradients and buffers lie. */
export function writeStructs(buffer: ArrayBufferLike, settings: Settings, plan: Plan): void {
  const { parameters, weights, transposed, slots, threads } = plan;
  for (const [index, { offset, blocks, rows }] of parameters.list.entries()) {
    const at = plan.tensors + index * tensorStruct.bytes;
    tensorStruct.write(buffer, at, { offset, blocks, rows, transposed: transposed[index]! });
  }
  modelStruct.write(buffer, plan.model, {
    tensors: plan.tensors,
    tensorCount: parameters.list.length,
    weights,
    first: slots[0] ?? 0,
    second: slots[1] ?? 0,
    gradient: plan.gradient,
    gradientStride: plan.gradientStride,
    threads: Math.max(1, threads.length),
    squares: plan.squares,
  });
  const { list } = parameters;
  const head = list.length - 2;
  for (const { task, layers, layerPlans, gradient, ...buffers } of threads) {
    const weight = (index: number) => weights + list[index]!.offset;
    const slope = (index: number) => gradient + list[index]!.offset;
    taskStruct.write(buffer, task, {
      layers,
      layerCount: layerPlans.length,
      vocabulary: settings.vocabularySize,
      sequence: settings.objective === "sequence" ? 1 : 0,
      ...buffers,
      dense: weight(head),
      denseBias: weight(head + 1),
      denseTransposed: transposed[head]!,
      denseGradient: slope(head),
      denseBiasGradient: slope(head + 1),
      gradient,
      gradientBytes: parameters.bytes,
    });
    for (const [layer, { dropped: _, ...layerBuffers }] of layerPlans.entries()) {
      const first = layer * 3;
      layerStruct.write(buffer, layers + layer * layerStruct.bytes, {
        ...layerBuffers,
        inputs: list[first]!.rows,
        input: weight(first),
        recurrent: weight(first + 1),
        bias: weight(first + 2),
        inputTransposed: transposed[first]!,
        recurrentTransposed: transposed[first + 1]!,
        inputGradient: slope(first),
        recurrentGradient: slope(first + 1),
        biasGradient: slope(first + 2),
      });
    }
  }
}
