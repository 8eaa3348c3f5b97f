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

/** Whether the held-out loss has risen: the last epochs all lie above its lowest by more than chance. */
function isRising(history: readonly EpochMetrics[]): boolean {
  const lowest = lowestOf(history);
  const last = history.slice(-epochsAbove);
  return (
    lowest !== undefined &&
    last.length === epochsAbove &&
    last.every(({ epoch, heldOutLoss = 0 }) => epoch > lowest.epoch && heldOutLoss > lowest.loss + natsAbove)
  );
}

/** Whether the last epoch is the first of the run after which that is so: it is told once. */
export function hasBegunToRise(history: readonly EpochMetrics[]): boolean {
  if (!isRising(history)) return false;
  return !history.some((_, index) => index > 0 && isRising(history.slice(0, index)));
}
