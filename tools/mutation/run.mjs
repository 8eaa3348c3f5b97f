// `pnpm mutation PACKAGE`: mutation testing of packages/PACKAGE, as stryker.config.json says.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { run } from "../run.mjs";

const [name, ...flags] = process.argv.slice(2);
const cwd = join(root, "packages", name ?? "");
if (name === undefined || !existsSync(join(cwd, "package.json"))) {
  console.error("usage: pnpm mutation PACKAGE, for a folder of packages/");
  process.exit(2);
}
const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
process.exitCode = await run(process.execPath, [stryker, "run", "../../tools/mutation/stryker.config.json", ...flags], {
  cwd,
});
