import { fileURLToPath } from "node:url";
import { packageTests } from "../testing/src/vitest.js";

// Run from a copy of one package's folder. Left out: what looks at the built package, which no mutant reaches, and what
// counts hundreds of thousands of draws or reads whole books and millions of characters: each mutant would have to wait for it.
export default packageTests({
  exclude: ["**/{bundle,examples,allocation,chi-square,golden,corpora,real-books,tf-data,linear-time,hostile}.test.ts"],
  setupFiles: [fileURLToPath(new URL("fewer-runs.js", import.meta.url))],
  testTimeout: 240_000,
  server: { deps: { inline: [/@tensorflow/] } },
});
