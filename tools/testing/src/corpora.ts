import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

/** Where the real books are, when the folder is there: beside the repository, or where `CHARLSTM_CORPORA` says. */
export const corporaFolder: string =
  process.env.CHARLSTM_CORPORA ?? fileURLToPath(new URL("../../../../shared/corpora", import.meta.url));

/** The names of the real books; none where the folder is missing. */
export function corpusNames(): string[] {
  if (!existsSync(corporaFolder)) return [];
  const entries = readdirSync(corporaFolder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** The bytes of one of the real books. */
export function corpusFile(name: string): Buffer {
  return readFileSync(join(corporaFolder, name));
}

/**
 * A `describe` that runs only where the real books are; elsewhere its tests are listed as skipped, with the reason.
 *
 * vitest runs the body of `suite` even then, to find the tests' names: read books in tests and hooks, never in the body.
 */
export function describeWithCorpora(name: string, suite: () => void): void {
  if (corpusNames().length > 0) describe(name, suite);
  else describe.skip(`${name} (skipped: no corpora)`, suite);
}
