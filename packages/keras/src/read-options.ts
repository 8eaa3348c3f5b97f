import { KerasError } from "./errors.js";

/** What a file may leave open. */
export interface ReadOptions {
  /** Characters of a window, when the file does not say or something else is wanted. Default: the file's, else 60. */
  readonly window?: number | undefined;
}

/** @throws {KerasError} `BAD_OPTION`. */
export function checkReadOptions(options: ReadOptions, known: readonly string[] = ["window"]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new KerasError("BAD_OPTION", `"${name}" is no option here, known are: ${known.join(", ")}`, {
        name,
        known,
      });
    }
  }
  const { window } = options;
  if (window !== undefined && !(Number.isSafeInteger(window) && window > 0)) {
    throw new KerasError("BAD_OPTION", `window is ${window}, expected a whole number above 0`, { window });
  }
}
