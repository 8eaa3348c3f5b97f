import type { EpochFigures, RunReport } from "../report-data.js";
import { inUnit, type LossUnit } from "./format.js";

/** What the horizontal axis counts. */
export type Axis = "epoch" | "step" | "minutes";

export interface Curve {
  name: string;
  /** Which of the page's eight colours, counted on from there. */
  colour: number;
  kind: "training" | "held out" | "baseline" | "rate" | "speed";
  /** One for each of the plot's x, `null` where the run has none there. */
  values: (number | null)[];
}

/** Curves over one axis: what the runs have in common is drawn above the same x. */
export interface Plot {
  xs: number[];
  curves: Curve[];
}

export interface LossOptions {
  axis: Axis;
  unit: LossUnit;
  training: boolean;
  baselines: boolean;
}

export function lossPlot(runs: readonly RunReport[], { axis, unit, training, baselines }: LossOptions): Plot {
  const plot = createPlot(runs, axis);
  const scaled = (loss: number | null) => (loss === null ? null : inUnit(loss, unit));
  const isAlone = runs.length === 1;
  runs.forEach((run, index) => {
    const named = (name: string) => (isAlone ? name : `${run.name}, ${name}`);
    // One run has a colour a curve, several have one each.
    const colour = (curve: number) => (isAlone ? curve : index);
    const isHeldOut = run.epochs.some((figures) => figures.heldOutLoss !== null);
    if (isHeldOut) {
      plot.add(index, colour(0), "held out", named("held-out loss"), (figures) => scaled(figures.heldOutLoss));
    }
    if (training || !isHeldOut) {
      plot.add(index, colour(1), "training", named("training loss"), (figures) => scaled(figures.loss));
    }
    if (!baselines) return;
    run.baselines?.baselines.forEach(({ name, loss }, place) => {
      plot.line(colour(2 + place), named(name), inUnit(loss, unit));
    });
  });
  return plot;
}

export function ratePlot(runs: readonly RunReport[], axis: Axis): Plot {
  const plot = createPlot(runs, axis);
  runs.forEach(({ name }, index) => {
    plot.add(index, index, "rate", name, ({ learningRate }) => learningRate);
  });
  return plot;
}

export function speedPlot(runs: readonly RunReport[], axis: Axis): Plot {
  const plot = createPlot(runs, axis);
  runs.forEach(({ name }, index) => {
    plot.add(index, index, "speed", name, ({ charactersPerSecond }) => charactersPerSecond);
  });
  return plot;
}

interface OpenPlot extends Plot {
  add(
    run: number,
    colour: number,
    kind: Curve["kind"],
    name: string,
    value: (figures: EpochFigures) => number | null,
  ): void;
  /** A horizontal line. */
  line(colour: number, name: string, value: number): void;
}

function createPlot(runs: readonly RunReport[], axis: Axis): OpenPlot {
  const places = runs.map(({ epochs }) => placesOf(epochs, axis));
  const xs = [...new Set(places.flat())].sort((a, b) => a - b);
  const indexOf = new Map(xs.map((x, index) => [x, index]));
  const curves: Curve[] = [];
  return {
    xs,
    curves,
    add(run, colour, kind, name, value) {
      const values: (number | null)[] = xs.map(() => null);
      runs[run]!.epochs.forEach((figures, index) => {
        values[indexOf.get(places[run]![index]!)!] = value(figures);
      });
      curves.push({ name, colour, kind, values });
    },
    line(colour, name, value) {
      curves.push({ name, colour, kind: "baseline", values: xs.map(() => value) });
    },
  };
}

/** Where each epoch ends on an axis. */
function placesOf(epochs: readonly EpochFigures[], axis: Axis): number[] {
  if (axis !== "minutes") return epochs.map((figures) => figures[axis]);
  let seconds = 0;
  return epochs.map((figures) => {
    seconds += figures.seconds;
    return seconds / 60;
  });
}

/** Round values between two, on a logarithmic axis: 1, 2, 5 of each power of ten, or evenly where there is less than one. */
export function logTicks(min: number, max: number): number[] {
  if (!(min > 0) || !(max > min)) return [];
  const ticks: number[] = [];
  if (max / min < 8) {
    const rough = (max - min) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
    for (let index = Math.ceil(min / step); index * step <= max; index++) ticks.push(index * step);
    return ticks;
  }
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    for (const factor of [1, 2, 5]) {
      const value = factor * 10 ** power;
      if (value >= min && value <= max) ticks.push(value);
    }
  }
  return ticks;
}
