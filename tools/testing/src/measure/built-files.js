import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeProcessCovs } from "@bcoe/v8-coverage";
import convert from "ast-v8-to-istanbul";
import { parseAstAsync } from "vitest/node";
import { rawCoverage } from "./folder.js";

/**
 * A vitest reporter that adds to the coverage of `src/` what ran of the built files in `dist/`, in pages and in processes that
 * tests started: their source maps say which line of which source it was.
 *
 * @returns {import("vitest/node").Reporter}
 */
export function builtFilesReporter() {
  return {
    onInit() {
      rmSync(rawCoverage, { recursive: true, force: true });
    },
    async onCoverage(coverage) {
      const map = /** @type {import("istanbul-lib-coverage").CoverageMap} */ (coverage);
      for (const { url, functions } of rawScripts()) {
        const file = fileURLToPath(url);
        const code = readFileSync(file, "utf8");
        const sources = await convert({
          code,
          sourceMap: JSON.parse(readFileSync(`${file}.map`, "utf8")),
          ast: parseAstAsync(code),
          coverage: { url, functions },
        });
        for (const [source, counts] of Object.entries(sources)) {
          if (map.data[source] === undefined) continue; // not a source of this package
          // A minifier joins statements: what only ran minified is counted by what is left of them.
          if (map.fileCoverageFor(source).toSummary().statements.covered === 0) delete map.data[source];
          map.addFileCoverage(counts);
        }
      }
      rmSync(rawCoverage, { recursive: true, force: true });
    },
  };
}

/** The counts of every built script that has a source map, summed over all processes and pages. */
function rawScripts() {
  const built = resolve("dist") + sep;
  const files = existsSync(rawCoverage) ? readdirSync(rawCoverage) : [];
  /** @type {import("@bcoe/v8-coverage").ProcessCov} */
  let merged = { result: [] };
  for (const file of files) {
    const { result } = JSON.parse(readFileSync(join(rawCoverage, file), "utf8"));
    const scripts = result.filter(({ url = "" }) => {
      const path = url.startsWith("file:") ? fileURLToPath(url) : "";
      return path.startsWith(built) && existsSync(`${path}.map`);
    });
    merged = mergeProcessCovs([merged, { result: scripts }]);
  }
  return merged.result;
}
