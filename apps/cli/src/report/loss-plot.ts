import { lineChart } from "@charlstm/look/line-chart";

/** What the plot shows of an epoch. */
interface PlottedEpoch {
  epoch: number;
  loss: number;
  heldOutLoss?: number | null | undefined;
}

/** Epochs up to which each has a dot. */
const mostDots = 60;

/** The notebook's plot, as SVG: training loss by epoch, and the held-out loss where there is one. */
export function lossPlot(history: readonly PlottedEpoch[]): string {
  const training = history.map(({ epoch, loss }) => [epoch, loss] as const);
  const heldOut = history.flatMap(({ epoch, heldOutLoss }) =>
    heldOutLoss == null ? [] : [[epoch, heldOutLoss] as const],
  );
  const hasDots = history.length <= mostDots;
  const series = [
    { name: "training loss", color: "#1f6feb", points: training, hasDots },
    { name: "held-out loss", color: "#d1242f", points: heldOut, hasDots },
  ].filter(({ points }) => points.length > 0);
  return lineChart({
    title: "Loss by epoch",
    x: { name: "epoch", ends: [1, Math.max(2, history.at(-1)?.epoch ?? 2)], isWhole: true },
    panels: [{ name: "nats per character", series }],
  });
}
