import { isFormatError } from "../src/index.js";

/** Does what may succeed or throw a FormatError and nothing else; gives the error's code. */
export function attempt(work: () => void, what: string): string {
  try {
    work();
    return "read";
  } catch (error) {
    if (!isFormatError(error)) throw new Error(`${what} ended in something else than a FormatError`, { cause: error });
    return error.code;
  }
}
