// The points of a search space that a sweep tries: all of a grid, or so many that a seeded generator draws.
import { createRandom, type Random } from "@charlstm/sampling";
import { CliError } from "../errors.js";
import { type Axis, isWhole, type Space, type Values, type Varied } from "./space.js";

/** Trials that a sweep has at the most. */
export const mostTrials = 100_000;

export interface PointOptions {
  /** Points to try. Default: all, where every axis is a list. */
  trials?: number | undefined;
  /** Starts the generator that draws. */
  seed: number;
}

/**
 * The grid in the order of its axes, the last one fastest; or `trials` different points of the space, drawn uniformly (on a
 * logarithmic range: uniformly in the logarithm).
 *
 * @throws {CliError} `BAD_USAGE` where a range does not say how many of its points are meant, or the points are too many.
 */
export function pointsOf(space: Space, { trials, seed }: PointOptions): Values[] {
  const axes = Object.entries(space) as [Varied, Axis][];
  const size = axes.reduce((product, [, axis]) => product * (axis.kind === "list" ? axis.values.length : Infinity), 1);
  if (trials !== undefined && trials > mostTrials) throw tooMany(`--trials ${trials} are`);
  if (trials === undefined && size === Number.POSITIVE_INFINITY) {
    const ranges = axes.flatMap(([name, { kind }]) => (kind === "range" ? [name] : []));
    throw new CliError(
      "BAD_USAGE",
      `${ranges.join(", ")}: a range has no end of points; say how many with --trials 24`,
    );
  }
  if (trials !== undefined && trials < size) return draw(axes, trials, createRandom(seed));
  if (size > mostTrials) throw tooMany(`the grid has ${size.toLocaleString("en")} points, which are`);
  return grid(axes);
}

function tooMany(what: string): CliError {
  const most = mostTrials.toLocaleString("en");
  return new CliError("BAD_USAGE", `${what} more than ${most} trials: --trials 24 draws so many of them`);
}

function grid(axes: readonly [Varied, Axis][]): Values[] {
  let points: Values[] = [{}];
  for (const [name, axis] of axes) {
    const values = axis.kind === "list" ? axis.values : [];
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
  }
  return points;
}

/** Draws that find nothing new, in a row, after which the space is taken to be exhausted. */
const patience = 1000;

function draw(axes: readonly [Varied, Axis][], count: number, random: Random): Values[] {
  const points = new Map<string, Values>();
  for (let vain = 0; points.size < count && vain < patience; vain++) {
    const point = Object.fromEntries(axes.map(([name, axis]) => [name, drawValue(name, axis, random)])) as Values;
    const key = JSON.stringify(point);
    if (points.has(key)) continue;
    points.set(key, point);
    vain = 0;
  }
  return [...points.values()];
}

function drawValue(name: Varied, axis: Axis, random: Random): unknown {
  if (axis.kind === "list") return axis.values[Math.floor(random() * axis.values.length)];
  const number = drawNumber(axis, isWhole(name), random());
  return name === "units" ? [number] : number;
}

function drawNumber({ from, to, isLog }: Extract<Axis, { kind: "range" }>, whole: boolean, share: number): number {
  // Each whole number, the ends too, has a stretch of its own.
  const [low, high] = whole ? [from - 0.5, to + 0.5] : [from, to];
  const value = isLog
    ? Math.exp(Math.log(Math.max(low, from / 2)) * (1 - share) + Math.log(high) * share)
    : low + (high - low) * share;
  // Four digits are enough to tell points apart, and to be typed again.
  const short = whole ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(to, Math.max(from, short));
}
