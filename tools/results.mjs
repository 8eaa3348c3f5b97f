import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What one package's suite came to; a suite that left no results (it crashed, or never started) has failed. */
export function readSuite(folder) {
  const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = join(folder, ".vitest", "results.json");
  if (!existsSync(file)) return { name, passed: 0, failed: ["the suite ended without results"], skipped: [] };
  return { name, ...JSON.parse(readFileSync(file, "utf8")) };
}

/**
 * The end of `npm test`: which tests were skipped and why, which failed, and last one line with the sums.
 *
 * @param suites What `readSuite` read.
 * @param code Turbo's exit code: when it is not 0, something failed, even if no suite says so.
 */
export function summary(suites, code) {
  const failed = suites.flatMap((suite) => suite.failed.map((test) => `  ${suite.name}: ${test}`));
  if (code !== 0 && failed.length === 0) failed.push(`  turbo ended with exit code ${code}: the reason is above`);
  const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
  const skipped = suites.flatMap((suite) => suite.skipped.map((test) => ({ ...test, suite: suite.name })));
  const lines = [];
  for (const [reason, tests] of groupBy(skipped, ({ reason }) => reason)) {
    lines.push(`Skipped, ${reason}:`, ...tests.map(({ suite, name }) => `  ${suite}: ${name}`));
  }
  if (failed.length > 0) lines.push("Failed:", ...failed);
  lines.push(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return { text: lines.join("\n"), ok: failed.length === 0 };
}

function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}

/** The share of its package's lines that each suite runs, where that was measured. */
export function coverage(folders) {
  const figures = folders.flatMap((folder) => {
    const file = join(folder, ".vitest", "coverage", "coverage-summary.json");
    if (!existsSync(file)) return [];
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const { lines } = JSON.parse(readFileSync(file, "utf8")).total;
    return [`  ${name}: ${lines.pct} % of ${lines.total}`];
  });
  return figures.length > 0 ? ["Lines of src/ that the package's tests run:", ...figures] : [];
}
