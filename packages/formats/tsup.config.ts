import { defineConfig } from "tsup";
import { types } from "../../tsup.types.js";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral", // Node, browsers and workers alike
  dts: types,
  sourcemap: true,
  clean: true,
});
