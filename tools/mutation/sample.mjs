// A plugin of Stryker's that lets one mutant in CHARLSTM_MUTATION_EVERY through to the tests (all by default), the same ones every
// time: a whole package takes hours.
import { createHash } from "node:crypto";

const every = Number(process.env.CHARLSTM_MUTATION_EVERY ?? 1);

/**
 * Whether a mutant of a file is in the sample. Lines do not count, nor where the copy is that Stryker works on: code may move. The
 * columns of Stryker's reports begin at 1, those that it works with at 0.
 */
export function isInSample(file, { mutatorName, replacement, location: { start } }, firstColumn = 0) {
  const place = file.split(/[\\/]/);
  const name = JSON.stringify([
    place.slice(place.lastIndexOf("src")),
    mutatorName,
    replacement,
    start.column - firstColumn,
  ]);
  return createHash("sha256").update(name).digest().readUInt32BE() % every === 0;
}

class Sample {
  async init() {}

  /** @param {import("@stryker-mutator/api/core").Mutant[]} mutants */
  async check(mutants) {
    const passed = { status: "passed" };
    const leftOut = { status: "compileError", reason: "not in the sample" };
    return Object.fromEntries(
      mutants.map((mutant) => [mutant.id, isInSample(mutant.fileName, mutant) ? passed : leftOut]),
    );
  }
}

export const strykerPlugins = [{ kind: "Checker", name: "sample", injectableClass: Sample }];
