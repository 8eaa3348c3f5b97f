import { defineConfig } from "tsup";
import { types } from "../../tsup.types.js";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2019", // what webpack 4 and browserify still parse
  platform: "neutral", // Node, browsers and workers alike
  dts: types,
  sourcemap: true,
  clean: true,
});
