import { defineConfig } from "tsup";
import { types } from "../../tsup.types.js";

export default defineConfig({
  entry: ["src/index.ts", "src/benchmark.ts", "src/worker.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral", // Node, browsers and workers alike
  dts: types && { entry: ["src/index.ts", "src/benchmark.ts"] },
  splitting: true,
  sourcemap: true,
  clean: true,
});
