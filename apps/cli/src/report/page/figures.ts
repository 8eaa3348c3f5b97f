import type { EpochFigures, RunReport } from "../report-data.js";

/** The loss that a run is judged by: on held-out text where there is some. */
export const judged = ({ heldOutLoss, loss }: EpochFigures): number | null => heldOutLoss ?? loss;

/** The epoch of the lowest loss. */
export function bestEpoch({ epochs }: RunReport): EpochFigures | undefined {
  let best: EpochFigures | undefined;
  for (const figures of epochs) {
    const loss = judged(figures);
    if (loss !== null && (best === undefined || loss < judged(best)!)) best = figures;
  }
  return best;
}

export function hasHeldOut({ epochs }: RunReport): boolean {
  return epochs.some(({ heldOutLoss }) => heldOutLoss !== null);
}

export function totalSeconds({ epochs }: RunReport): number {
  return epochs.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Characters a second over the whole run. */
export function meanSpeed(run: RunReport): number | undefined {
  const characters = run.epochs.reduce((sum, figures) => sum + (figures.charactersPerSecond ?? 0) * figures.seconds, 0);
  const seconds = totalSeconds(run);
  return seconds > 0 && characters > 0 ? characters / seconds : undefined;
}
