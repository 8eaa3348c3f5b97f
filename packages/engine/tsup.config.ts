import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/worker.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral", // Node, browsers and workers alike
  dts: { entry: ["src/index.ts"] },
  splitting: false, // the worker is one file, without the modules
  sourcemap: true,
  clean: true,
});
