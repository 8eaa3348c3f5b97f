import { ModelError } from "../errors.js";

/** Refuses what this runtime can't do. */
export function unsupportedHere(name: string, advice: string): never {
  throw new ModelError("UNSUPPORTED_HERE", `${name} does not work here: ${advice}`, { name });
}
