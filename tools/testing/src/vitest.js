import { defineConfig } from "vitest/config";

/**
 * The vitest settings of every package: tests beside the sources and in `test/`, results also as JSON, which
 * `tools/test.mjs` sums up over all suites.
 *
 * @param {import("vitest/config").ViteUserConfig["test"]} overrides
 */
export function packageTests(overrides = {}) {
  return defineConfig({
    test: {
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      reporters: ["default", ["json", { outputFile: ".vitest/results.json" }]],
      ...overrides,
    },
  });
}
