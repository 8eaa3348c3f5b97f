import { readFile } from "node:fs/promises";

/** What this needs of esbuild's `PluginBuild`. */
interface Build {
  onLoad(options: { filter: RegExp }, load: (file: { path: string }) => Promise<{ contents: string }>): void;
}

/**
 * Leaves the libraries that are bundled out of the source maps, most of which they would be: esbuild takes over the map that a
 * file brings, and this one says nothing.
 */
export const unmapped = {
  name: "libraries without source maps",
  setup(build: Build): void {
    const map = { version: 3, sources: ["library"], sourcesContent: ["// Not in this map."], mappings: "AAAA" };
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.m?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\n//# sourceMappingURL=data:application/json;base64,${btoa(JSON.stringify(map))}`,
    }));
  },
};
