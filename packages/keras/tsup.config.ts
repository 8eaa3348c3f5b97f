import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral", // Node, browsers and workers alike
  dts: true,
  sourcemap: true,
  clean: true,
});
