import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { builtFilesReporter } from "./measure/built-files.js";
import { resultsReporter } from "./results-reporter.js";

/**
 * The vitest settings of every package: tests beside the sources and in `test/`; the results also go to a file, which
 * `tools/test.mjs` sums up over all suites.
 *
 * `CHARLSTM_COVERAGE` measures which lines of `src/` they run, in whatever process or page, into a file beside the results.
 *
 * @param {import("vitest/config").ViteUserConfig["test"]} overrides
 */
export function packageTests(overrides = {}) {
  const isMeasured = Boolean(process.env.CHARLSTM_COVERAGE) && overrides.coverage?.enabled !== false;
  return defineConfig({
    test: {
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      // Files of tests share a process and the modules that it has loaded: half of the time otherwise goes into loading.
      isolate: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      teardownTimeout: 60_000,
      reporters: ["default", resultsReporter(".vitest/results.json"), ...(isMeasured ? [builtFilesReporter()] : [])],
      ...overrides,
      setupFiles: [
        ...(isMeasured ? [fileURLToPath(new URL("measure/processes.js", import.meta.url))] : []),
        ...(overrides.setupFiles ?? []),
      ],
      coverage: {
        enabled: isMeasured,
        provider: "v8",
        include: ["src/**/*.{ts,tsx}"],
        exclude: ["src/**/*.test.ts"],
        excludeAfterRemap: true,
        reporter: ["json-summary"],
        reportsDirectory: ".vitest/coverage",
        ...overrides.coverage,
      },
    },
  });
}
