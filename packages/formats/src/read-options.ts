import { checkNames, FormatError } from "./errors.js";

/** What a file may leave open. */
export interface ReadOptions {
  /** Characters of a window, when the file does not say or something else is wanted. Default: the file's, else 60. */
  readonly window?: number | undefined;
  /** The model's structure, as `model.to_json()` writes it, for files that hold weights alone. */
  readonly config?: string | undefined;
}

/** @throws {FormatError} `BAD_OPTION`. */
export function checkReadOptions(options: ReadOptions, known: readonly (keyof ReadOptions)[] = ["window"]): void {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  checkNames(given, known, "this kind of file");
  const { window, config } = options;
  if (config !== undefined && typeof config !== "string") {
    throw new FormatError("BAD_OPTION", "config should be the text of a JSON file that model.to_json() wrote", {});
  }
  if (window !== undefined && !(Number.isSafeInteger(window) && window > 0)) {
    throw new FormatError("BAD_OPTION", `window is ${window}, expected a whole number above 0`, { window });
  }
}

/** @throws {FormatError} `BAD_OPTION` when a structure is given for a file that has one. */
export function refuseConfig({ config }: ReadOptions): void {
  if (config === undefined) return;
  throw new FormatError("BAD_OPTION", "the file holds its model's structure itself: leave config out", {});
}
