import { CliError } from "../errors.js";

/** What a rival computed on its first turn, under names that rivals share. */
export type Results = Readonly<Partial<Record<keyof typeof tolerances, ArrayLike<number>>>>;

/** Largest difference, as a share of the reference's largest number: float32 sums run in another order everywhere. */
const tolerances = { loss: 1e-5, gradientNorm: 1e-4, weights: 1e-5, logits: 1e-4 };

export interface Difference {
  result: keyof typeof tolerances;
  /** As a share of the reference's largest number. */
  difference: number;
}

/**
 * Compares what a rival computed with the reference, as far as both have it.
 *
 * @throws {CliError} `RESULTS_DIFFER`: a time would mean nothing.
 */
export function checkAgreement(name: string, results: Results, reference: Results): Difference[] {
  const shared = (Object.keys(tolerances) as (keyof typeof tolerances)[]).filter(
    (key) => results[key] && reference[key],
  );
  return shared.map((result) => {
    const difference = relativeDifference(results[result]!, reference[result]!);
    if (!(difference <= tolerances[result])) {
      throw new CliError(
        "RESULTS_DIFFER",
        `${name} computes another ${result} than the engine from the same weights and ids: they differ by ${difference.toExponential(1)} of the ` +
          `largest number, ${tolerances[result]} is allowed for rounding; times would compare different work, so none are given. ` +
          "Leave that backend out with --backend, and report this.",
      );
    }
    return { result, difference };
  });
}

function relativeDifference(values: ArrayLike<number>, reference: ArrayLike<number>): number {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  let largest = Number.MIN_VALUE;
  let difference = 0;
  for (let index = 0; index < reference.length; index++) {
    largest = Math.max(largest, Math.abs(reference[index]!));
    difference = Math.max(difference, Math.abs(values[index]! - reference[index]!));
  }
  return difference / largest;
}
