import { defineConfig } from "tsup";
import { types } from "../../tsup.types.js";

export default defineConfig({
  entry: ["src/index.ts", "src/browser.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral", // Node, browsers and workers alike; what needs Node is in src/platform/node.ts alone
  external: [/^node:/],
  dts: types,
  sourcemap: true,
  clean: true,
});
