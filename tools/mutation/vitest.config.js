import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeConfig } from "vitest/config";
import { packageTests } from "../testing/src/vitest.js";
import { testedIn, untestedIn } from "./parts.mjs";

const part = process.env.CHARLSTM_MUTATED;
const tested = testedIn(part);

// The engine's tests use what is built, which no mutant reaches: here they get the sources, and those the workers that are built.
const engine = {
  plugins: [
    {
      name: "built-workers",
      transform: (code, path) =>
        path.endsWith("/src/thread-pool.ts") ? code.replace('"./worker.js"', '"../dist/worker.js"') : undefined,
    },
  ],
  test: {
    alias: [{ find: /^@charlstm\/engine$/, replacement: join(process.cwd(), "src", "index.ts") }],
    provide: { build: "simd" },
  },
};

// Run from a copy of one package's folder.
const all = packageTests({
  ...(tested ? { include: tested } : {}),
  exclude: tested ? [] : [untestedIn(part)],
  env: part.endsWith("/tfjs") ? {} : { CHARLSTM_BACKENDS: "engine" },
  setupFiles: [fileURLToPath(new URL("fewer-runs.js", import.meta.url))],
  isolate: false, // so that the sources are loaded once a mutant, not once for each file of tests
  testTimeout: 240_000,
  server: { deps: { inline: [/@tensorflow/] } },
});

export default part.split("/")[0] === "engine" ? mergeConfig(all, engine) : all;
