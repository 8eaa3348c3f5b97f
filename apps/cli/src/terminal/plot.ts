import type { EpochMetrics } from "@charlstm/training";
import { plot } from "simple-ascii-chart";

/** Rows of the plot, and columns that its axis takes. */
const height = 8;
const axisColumns = 8;

/** The loss by epoch, held out where there is held-out text, drawn in characters; no line is longer than `columns`. */
export function terminalPlot(history: readonly EpochMetrics[], columns: number): string {
  const isHeldOut = history.every(({ heldOutLoss }) => heldOutLoss !== undefined);
  const points = history.map(({ epoch, loss, heldOutLoss }): [number, number] => [
    epoch,
    isHeldOut ? heldOutLoss! : loss,
  ]);
  const drawn = plot(points, {
    ...{ width: Math.max(10, Math.min(72, columns) - axisColumns), height },
    title: `${isHeldOut ? "held-out" : "training"} loss by epoch, nats per character`,
    formatter: (value, { axis }) => (axis === "y" ? value.toFixed(3) : value),
  });
  return drawn
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}
