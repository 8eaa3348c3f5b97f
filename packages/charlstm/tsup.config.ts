import { defineConfig } from "tsup";
import { types } from "../../tsup.types.js";

export default defineConfig({
  entry: ["src/index.ts", "src/files-node.ts", "src/files-browser.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral", // Node, browsers and workers alike
  external: [/^node:/, "#files"],
  dts: types ? { entry: "src/index.ts" } : false,
  sourcemap: true,
  clean: true,
});
