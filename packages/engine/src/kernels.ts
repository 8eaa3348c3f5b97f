/** What assembly/index.ts exports; pointers are byte offsets. */
export type Kernels = {
  gradient(task: number): void;
  score(task: number): void;
  reduce(model: number, thread: number): void;
  update(model: number, thread: number): void;
  transposeAll(model: number): void;
  stream(task: number, id: number): void;
  streams(task: number, count: number, logits: number): void;
  multiply(a: number, b: number, c: number, blocks: number, panels: number, depth: number): void;
  multiplyGradient(a: number, b: number, c: number, inputs: number, columns: number, from: number, depth: number): void;
  peak(at: number, rounds: number): void;
  activation(kind: number, at: number, count: number): void;
};

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
