import { CorpusError } from "./errors.js";

/**
 * Refuses an option's value that is not a finite number of at least `least`.
 *
 * @throws {CorpusError} `BAD_OPTION`.
 */
export function checkNumber(name: string, value: unknown, least: number): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value < least) {
    throw new CorpusError("BAD_OPTION", `${name} is ${String(value)}, expected a finite number of at least ${least}`, {
      option: name,
      value,
    });
  }
}
