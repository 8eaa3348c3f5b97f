import { CorpusError } from "./errors.js";

/**
 * Refuses option names that nobody reads, as they are usually typing slips.
 *
 * @throws {CorpusError} `BAD_OPTION`.
 */
export function checkOptionNames(options: object, known: readonly string[], where: string): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new CorpusError("BAD_OPTION", `${where} has no option "${name}": use one of ${known.join(", ")}`, {
        option: name,
        known,
      });
    }
  }
}

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
