import { defineConfig } from "vitest/config";
import { resultsReporter } from "./results-reporter.js";

/**
 * The vitest settings of every package: tests beside the sources and in `test/`; the results also go to a file, which
 * `tools/test.mjs` sums up over all suites.
 *
 * `CHARLSTM_COVERAGE` measures which lines of `src/` they run, into a file beside the results.
 *
 * @param {import("vitest/config").ViteUserConfig["test"]} overrides
 */
export function packageTests(overrides = {}) {
  return defineConfig({
    test: {
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      teardownTimeout: 60_000,
      reporters: ["default", resultsReporter(".vitest/results.json")],
      coverage: {
        enabled: Boolean(process.env.CHARLSTM_COVERAGE),
        provider: "v8",
        include: ["src/**/*.{ts,tsx}"],
        exclude: ["src/**/*.test.ts"],
        reporter: ["json-summary"],
        reportsDirectory: ".vitest/coverage",
      },
      ...overrides,
    },
  });
}
