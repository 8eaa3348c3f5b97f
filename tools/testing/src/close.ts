import { expect } from "vitest";

/**
 * Expects two arrays of numbers to have one length and to differ nowhere by more than
 * `tolerance * max(1, |expected|)`; the failure names the worst place.
 */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let worst = -1;
  let worstError = 0;
  for (let index = 0; index < expected.length; index++) {
    const error = Math.abs(actual[index]! - expected[index]!) / Math.max(1, Math.abs(expected[index]!));
    // `!(error <= …)` also catches NaN.
    if (!(error <= worstError)) {
      worst = index;
      worstError = error;
    }
  }
  if (!(worstError <= tolerance)) {
    expect.fail(
      `value ${worst} is ${actual[worst]}, expected ${expected[worst]} (error ${worstError}, tolerance ${tolerance})`,
    );
  }
}
