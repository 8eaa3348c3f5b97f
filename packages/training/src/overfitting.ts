import type { EpochMetrics } from "./progress.js";

/** Epochs in a row above the lowest held-out loss, and nats above it, before something is said. */
const epochsAbove = 3;
const natsAbove = 0.01;

/** The epoch with the lowest held-out loss. */
export function lowestOf(history: readonly EpochMetrics[]): { epoch: number; loss: number } | undefined {
  let lowest: { epoch: number; loss: number } | undefined;
  for (const { epoch, heldOutLoss: loss } of history) {
    if (loss !== undefined && !(lowest && loss >= lowest.loss)) lowest = { epoch, loss };
  }
  return lowest;
}

/**
 * Whether the held-out loss has risen, the last epochs all lying above its lowest by more than chance, and the last epoch is the first
 * of the run after which that is so: it is told once.
 */
export function hasBegunToRise(history: readonly EpochMetrics[]): boolean {
  let lowest = Number.POSITIVE_INFINITY;
  let above = 0;
  const rose = history.findIndex(({ heldOutLoss: loss }) => {
    above = loss !== undefined && loss > lowest + natsAbove ? above + 1 : 0;
    lowest = Math.min(lowest, loss ?? lowest);
    return above === epochsAbove;
  });
  return rose >= 0 && rose === history.length - 1;
}
