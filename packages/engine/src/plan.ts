// Where everything lies in the engine's memory. Nothing is allocated here: an arena only counts.
import { Arena, alignUnits } from "./memory.js";
import type { Settings } from "./options.js";
import { type Parameters, placeTransposed } from "./parameters.js";
import { CONTROL_BYTES } from "./protocol.js";
import { GRADIENT_ROWS, HEAD_PANELS, layerStruct, modelStruct, PANEL, taskStruct, tensorStruct } from "./structs.js";

/** Buffers of one layer in one thread; see assembly/structs.ts for their shapes. */
type LayerPlan = {
  units: number;
  gates: number;
  cells: number;
  hidden: number;
  tanhCells: number;
  /** 0 without dropout: the layer's output is then `hidden` itself. */
  dropped: number;
  outputGradient: number;
  cellGradient: number;
};

export type ThreadPlan = {
  task: number;
  layers: number;
  layerPlans: LayerPlan[];
  ids: number;
  targets: number;
  logits: number;
  hiddenGradient: number;
  left: number;
  right: number;
  gradient: number;
};

export type Plan = {
  parameters: Parameters;
  weights: number;
  transposed: number[];
  /** One for each slot of the optimizer. */
  slots: number[];
  gradient: number;
  gradientStride: number;
  model: number;
  tensors: number;
  squares: number;
  control: number;
  threads: ThreadPlan[];
  /** What training carries per layer, `[panels][units][8]` each; empty for the window objective. */
  states: { hidden: number; cells: number }[];
  bytes: number;
};

/** Plans the memory of an engine whose batches are shared by `threads` threads. */
export function planMemory(settings: Settings, parameters: Parameters, threads: number): Plan {
  const { units, purpose, objective, rows } = settings;
  const arena = new Arena();
  const isTraining = purpose === "training";
  const weights = arena.take(parameters.bytes);
  const panels = Math.ceil(rows / PANEL);
  const states = (objective === "sequence" && isTraining ? units : []).map((width) => ({
    hidden: arena.take(slab(width, panels)),
    cells: arena.take(slab(width, panels)),
  }));
  const gradientStride = Math.ceil(parameters.bytes / 64) * 64 + 64;
  const plan: Omit<Plan, "threads" | "bytes"> = {
    parameters,
    weights,
    transposed: isTraining ? placeTransposed(parameters, arena) : parameters.list.map(() => 0),
    slots: isTraining ? settings.optimizer.slots.map(() => arena.take(parameters.bytes)) : [],
    gradient: isTraining ? arena.take(gradientStride * threads) : 0,
    gradientStride,
    model: arena.take(modelStruct.bytes),
    tensors: arena.take(tensorStruct.bytes * parameters.list.length),
    squares: arena.take(8 * threads),
    control: arena.take(CONTROL_BYTES),
    states,
  };
  const threadPlans: ThreadPlan[] = [];
  if (purpose !== "streams") {
    for (let thread = 0; thread < threads; thread++) {
      const share = planThread(settings, Math.ceil(panels / threads), arena);
      threadPlans.push({ ...share, gradient: plan.gradient + thread * gradientStride });
    }
  }
  return { ...plan, threads: threadPlans, bytes: arena.end };
}

/** Bytes of one time step of one layer's hidden states. */
const slab = (width: number, panels: number) => panels * alignUnits(width) * PANEL * 4;

function planThread(settings: Settings, panels: number, arena: Arena): Omit<ThreadPlan, "gradient"> {
  const { vocabularySize, units, objective, length, dropout, purpose } = settings;
  const isTraining = purpose === "training";
  const training = (bytes: number) => (isTraining ? arena.take(bytes) : 0);
  const widest = alignUnits(Math.max(...units));
  const columns = Math.ceil(vocabularySize / 8) * 8;
  const isSequence = objective === "sequence";
  const rowBytes = panels * PANEL * 4;
  // The operands of a gradient's product hold whole time steps, about GRADIENT_ROWS rows of them.
  const gradientRows = Math.max(GRADIENT_ROWS, panels * PANEL);
  const headRows = HEAD_PANELS * PANEL;
  return {
    task: arena.take(taskStruct.bytes),
    layers: arena.take(layerStruct.bytes * units.length),
    ids: arena.take(length * rowBytes),
    targets: arena.take(isSequence ? length * rowBytes : rowBytes),
    logits: arena.take(headRows * columns * 4),
    hiddenGradient: training(slab(widest, panels)),
    left: training(Math.max(gradientRows, headRows) * widest * 4),
    right: training(Math.max(gradientRows * widest * 4, headRows * columns) * 4),
    layerPlans: units.map((width, layer) => {
      const bytes = slab(width, panels);
      const isTop = layer === units.length - 1;
      return {
        units: alignUnits(width),
        gates: arena.take(bytes * 4 * length),
        cells: arena.take(bytes * (length + 1)),
        hidden: arena.take(bytes * (length + 1)),
        tanhCells: arena.take(bytes * length),
        dropped: dropout > 0 ? training(bytes * length) : 0,
        outputGradient: training(isTop && !isSequence ? bytes : bytes * length),
        cellGradient: training(bytes),
      };
    }),
  };
}
