import { fileURLToPath } from "node:url";
import { packageTests } from "../testing/src/vitest.js";
import { untestedIn } from "./parts.mjs";

// Run from a copy of one package's folder.
export default packageTests({
  exclude: [untestedIn(process.env.CHARLSTM_MUTATED)],
  env: process.env.CHARLSTM_MUTATED.endsWith("/tfjs") ? {} : { CHARLSTM_BACKENDS: "engine" },
  setupFiles: [fileURLToPath(new URL("fewer-runs.js", import.meta.url))],
  isolate: false, // so that the sources are loaded once a mutant, not once for each file of tests
  testTimeout: 240_000,
  server: { deps: { inline: [/@tensorflow/] } },
});
