// States between calls: `[layers][h, c][rows][units]` outside, panels of eight rows per layer inside.
import { EngineError } from "./errors.js";
import { alignUnits } from "./memory.js";
import { checkFinite } from "./parameters.js";
import { PANEL } from "./structs.js";

/** Byte offsets of a layer's `[panels][units][8]` hidden states and cells. */
export type StatePanels = readonly { hidden: number; cells: number }[];

export function panelsToState(
  buffer: ArrayBufferLike,
  layers: StatePanels,
  units: readonly number[],
  rows: number,
): Float32Array {
  const values = new Float32Array(layers.length > 0 ? 2 * rows * units.reduce((a, b) => a + b) : 0);
  eachNumber(buffer, layers, units, rows, (panels, at, index) => {
    values[index] = panels[at]!;
  });
  return values;
}

/** @throws {EngineError} `BAD_WEIGHTS` when the length does not fit or a value is not finite. */
export function stateToPanels(
  buffer: ArrayBufferLike,
  layers: StatePanels,
  units: readonly number[],
  rows: number,
  values: Float32Array,
): void {
  checkState(values, layers.length > 0 ? 2 * rows * units.reduce((a, b) => a + b) : 0);
  eachNumber(buffer, layers, units, rows, (panels, at, index) => {
    panels[at] = values[index]!;
  });
}

/** @throws {EngineError} `BAD_WEIGHTS`. */
export function checkState(values: Float32Array, size: number): void {
  if (values.length !== size) {
    throw new EngineError("BAD_WEIGHTS", `the state has ${values.length} values, this one takes ${size}`, {
      given: values.length,
      expected: size,
    });
  }
  checkFinite(values, "the state");
}

function eachNumber(
  buffer: ArrayBufferLike,
  layers: StatePanels,
  units: readonly number[],
  rows: number,
  visit: (panels: Float32Array, at: number, index: number) => void,
): void {
  let index = 0;
  for (const [layer, { hidden, cells }] of layers.entries()) {
    const width = units[layer]!;
    const stride = alignUnits(width) * PANEL;
    for (const pointer of [hidden, cells]) {
      const panels = new Float32Array(buffer, pointer, Math.ceil(rows / PANEL) * stride);
      for (let row = 0; row < rows; row++) {
        const start = Math.floor(row / PANEL) * stride + (row % PANEL);
        for (let unit = 0; unit < width; unit++) visit(panels, start + unit * PANEL, index++);
      }
    }
  }
}
