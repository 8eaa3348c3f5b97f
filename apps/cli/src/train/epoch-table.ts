import { type EpochMetrics, lowestOf } from "@charlstm/training";

/** The figures of a run's epochs as lines of at most 80 columns; of a long run, every n-th, the last and the best. */
export function epochTable(history: readonly EpochMetrics[], rows = 20): string {
  const every = Math.ceil(history.length / rows);
  const best = lowestOf(history)?.epoch;
  const shown = history.filter(
    ({ epoch }, index) => index % every === 0 || index === history.length - 1 || epoch === best,
  );
  const isHeldOut = history.some(({ heldOutLoss }) => heldOutLoss !== undefined);
  const head = ["epoch", "loss", ...(isHeldOut ? ["held out"] : []), "bits/char", "rate", "char/s", "seconds"];
  const lines = shown.map(({ epoch, loss, heldOutLoss, learningRate, charactersPerSecond, seconds }) => [
    String(epoch),
    loss.toFixed(4),
    ...(isHeldOut ? [heldOutLoss?.toFixed(4) ?? ""] : []),
    ((heldOutLoss ?? loss) / Math.LN2).toFixed(4),
    learningRate.toPrecision(2),
    Math.round(charactersPerSecond).toLocaleString("en"),
    seconds.toFixed(1),
    ...(epoch === best ? ["best"] : []),
  ]);
  return [head, ...lines]
    .map((cells) => cells.map((cell, column) => cell.padStart(column < head.length ? 10 : 5)).join(""))
    .join("\n");
}
