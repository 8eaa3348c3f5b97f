// The structs of assembly/structs.ts as the host writes them: the same fields in the same order, four bytes each; a test compares them.

const layerFields = [
  "units",
  "inputs",
  "input",
  "recurrent",
  "bias",
  "inputTransposed",
  "recurrentTransposed",
  "inputGradient",
  "recurrentGradient",
  "biasGradient",
  "gates",
  "cells",
  "hidden",
  "tanhCells",
  "output",
  "outputGradient",
  "cellGradient",
  "stateHidden",
  "stateCells",
  "dropoutKey",
] as const;

const taskFields = [
  "layers",
  "layerCount",
  "vocabulary",
  "panels",
  "length",
  "sequence",
  "ids",
  "targets",
  "dense",
  "denseBias",
  "denseTransposed",
  "denseGradient",
  "denseBiasGradient",
  "logits",
  "hiddenGradient",
  "left",
  "right",
  "gradient",
  "gradientBytes",
  "scale",
  "dropoutThreshold",
  "dropoutScale",
  "firstRow",
  "batchRows",
  "correct",
  "loss",
] as const;

const tensorFields = ["offset", "blocks", "rows", "transposed"] as const;

const modelFields = [
  "tensors",
  "tensorCount",
  "weights",
  "first",
  "second",
  "gradient",
  "gradientStride",
  "gradients",
  "threads",
  "squares",
  "rule",
  "scale",
  "learningRate",
  "decay",
  "square",
  "momentum",
  "epsilon",
] as const;

const floatFields: ReadonlySet<string> = new Set([
  "scale",
  "dropoutScale",
  "loss",
  "learningRate",
  "decay",
  "square",
  "momentum",
  "epsilon",
]);

/** A kind of struct: its size, and how to write and read fields of one at a byte offset. */
class Struct<Field extends string> {
  readonly bytes: number;
  readonly #index: ReadonlyMap<Field, number>;

  constructor(fields: readonly Field[]) {
    this.bytes = fields.length * 4;
    this.#index = new Map(fields.map((field, index) => [field, index]));
  }

  write(buffer: ArrayBufferLike, pointer: number, values: Partial<Record<Field, number>>): void {
    const view = new DataView(buffer, pointer, this.bytes);
    for (const [field, value] of Object.entries(values) as [Field, number][]) {
      const at = this.#index.get(field)! * 4;
      if (floatFields.has(field)) view.setFloat32(at, value, true);
      else view.setUint32(at, value, true);
    }
  }

  read(buffer: ArrayBufferLike, pointer: number, field: Field): number {
    const view = new DataView(buffer, pointer, this.bytes);
    const at = this.#index.get(field)! * 4;
    return floatFields.has(field) ? view.getFloat32(at, true) : view.getUint32(at, true);
  }
}

export const layerStruct = new Struct(layerFields);
export const taskStruct = new Struct(taskFields);
export const tensorStruct = new Struct(tensorFields);
export const modelStruct = new Struct(modelFields);

/** Rows that go through the kernels together. */
export const PANEL = 8;
/** As `HEAD_PANELS` and `GRADIENT_ROWS` in assembly/structs.ts. */
export const HEAD_PANELS = 32;
export const GRADIENT_ROWS = 256;
