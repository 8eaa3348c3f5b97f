import { defineConfig } from "tsup";
import { types } from "../../tsup.types.js";
import { unmapped } from "../../tsup.unmapped.js";

export default defineConfig({
  entry: ["src/index.ts", "src/checkpoint.ts", "src/checkpoint-node.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral", // Node, browsers and workers alike
  external: [/^node:/],
  // The two modules that register gradients and chained methods; see src/register.ts.
  noExternal: [/^@tensorflow\/tfjs-core\/dist\//],
  esbuildPlugins: [unmapped],
  dts: types,
  sourcemap: true,
  clean: true,
});
