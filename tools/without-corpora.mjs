// The test files that read the real books, once more as a newcomer runs them: without any. Each of their tests must be
// skipped by name, or pass on what the repository holds. After `npm test`, which builds what they import.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { workspaceFolders } from "./install.mjs";
import { pnpm } from "./pnpm.mjs";
import { readSuite, summary } from "./results.mjs";

process.env.CHARLSTM_CORPORA = "";
delete process.env.CHARLSTM_COVERAGE;

const suites = workspaceFolders()
  .filter((folder) => existsSync(join(folder, "vitest.config.ts")))
  .map((folder) => ({ folder, files: filesThatReadCorpora(folder) }))
  .filter(({ files }) => files.length > 0);
let worst = 0;
for (const { folder, files } of suites) {
  rmSync(join(folder, ".vitest", "results.json"), { force: true });
  worst = Math.max(worst, await pnpm(["--dir", folder, "exec", "vitest", "run", ...files]));
}
const { text, ok } = summary(
  suites.map(({ folder }) => readSuite(folder)),
  worst,
);
console.log(text);
process.exitCode = ok ? 0 : 1;

function filesThatReadCorpora(folder) {
  return ["src", "test"]
    .filter((part) => existsSync(join(folder, part)))
    .flatMap((part) => readdirSync(join(folder, part), { recursive: true }).map((name) => join(part, name)))
    .filter((name) => name.endsWith(".test.ts"))
    .filter((name) => /corpora|corpus(File|Names)/i.test(readFileSync(join(folder, name), "utf8")));
}
