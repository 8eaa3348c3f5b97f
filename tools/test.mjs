// `npm test`: everything the tests need, then every package's suite; ends with `N passed, N failed, N skipped`.
// `--coverage` (`pnpm coverage`) prints each package's coverage before that.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { install, workspaceFolders } from "./install.mjs";
import { root, turbo } from "./pnpm.mjs";
import { coverage, readSuite, summary } from "./results.mjs";

await install("everything");
shareCorpora();
if (process.argv.includes("--coverage")) process.env.CHARLSTM_COVERAGE = "1";

const suites = workspaceFolders().filter((folder) => existsSync(join(folder, "vitest.config.ts")));
// What an earlier run left must not be counted; a suite whose inputs have not changed gets its results from turbo's cache.
for (const folder of suites) rmSync(join(folder, ".vitest"), { recursive: true, force: true });

const code = await turbo(["run", "test", "--continue", "--log-order=grouped"]);

const { text, ok } = summary(suites.map(readSuite), code);
console.log(["", ...coverage(suites), text].join("\n"));
process.exitCode = ok ? 0 : 1;

/** Says where the real books are in a variable, so that turbo runs the suites again when they come or go. */
function shareCorpora() {
  const folder = join(root, "..", "shared", "corpora");
  if (process.env.CHARLSTM_CORPORA === undefined && existsSync(folder)) process.env.CHARLSTM_CORPORA = folder;
}
