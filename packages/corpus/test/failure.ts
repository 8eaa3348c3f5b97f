import { expect } from "vitest";
import type { CorpusError } from "../src/index.js";

/** The error that something ends with; the test fails when it succeeds. */
export function failure(promise: Promise<unknown>): Promise<CorpusError> {
  return promise.then(
    () => expect.fail("it succeeded"),
    (error) => error,
  );
}
