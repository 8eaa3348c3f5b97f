import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { unmapped } from "../../tsup.unmapped.js";

/** The licences of what the report's page carries. */
const notice = readFileSync(new URL("src/report/page/NOTICE.txt", import.meta.url), "utf8");

export default defineConfig([
  {
    entry: { bin: "src/bin.ts", "draw-png": "src/report/draw-png.ts" },
    format: ["esm"],
    target: "node20",
    platform: "node",
    sourcemap: true,
    // The other build beside this one cleans up after itself.
    clean: ["!report-page.*"],
    noExternal: ["@charlstm/errors"],
    esbuildPlugins: [unmapped],
  },
  {
    entry: { "report-page": "src/report/page/main.tsx" },
    format: ["iife"],
    target: "es2022",
    platform: "browser",
    minify: true,
    noExternal: [/./],
    sourcemap: true,
    outExtension: () => ({ js: ".js" }),
    banner: { js: `/*\n${notice}*/` },
    esbuildOptions: (options) => {
      options.jsx = "automatic";
      options.jsxImportSource = "preact";
      options.charset = "utf8";
      // The notice says it.
      options.legalComments = "none";
    },
  },
]);
