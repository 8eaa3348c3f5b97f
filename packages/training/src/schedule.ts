import type { TrainingSettings } from "./settings.js";

/**
 * The learning rate of an update: a linear warm-up, then constant or half a cosine down to `finalRate`.
 *
 * @param step The update, from 0.
 * @param totalSteps Updates of the whole run.
 * @see Loshchilov and Hutter (2017), SGDR, for the cosine; without restarts.
 */
export function learningRateAt(
  step: number,
  totalSteps: number,
  {
    learningRate,
    warmupSteps,
    decay,
    finalRate,
  }: Pick<TrainingSettings, "learningRate" | "warmupSteps" | "decay" | "finalRate">,
): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  if (decay === "constant") return learningRate;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return learningRate * (finalRate + (1 - finalRate) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
