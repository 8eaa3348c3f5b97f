// `pnpm mutation PACKAGE [FOLDER|FILE...] [--FLAG...]`: mutation testing of a package or an app, or of parts of its src (`pnpm mutation
// formats hdf5 archive`), as stryker.config.json and parts.mjs say. What earlier runs found of other parts is kept.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { run } from "../run.mjs";
import { partOf } from "./parts.mjs";
import { isInSample } from "./sample.mjs";

const [name, ...rest] = process.argv.slice(2);
const cwd = ["packages", "apps"]
  .map((kind) => join(root, kind, name ?? ""))
  .find((folder) => existsSync(join(folder, "package.json")));
if (name === undefined || !cwd) {
  console.error(
    "usage: pnpm mutation PACKAGE [FOLDER|FILE...] [--FLAG...], for a folder of packages/ or apps/ and what its src/ has",
  );
  process.exit(2);
}
const flagsAt = rest.findIndex((argument) => argument.startsWith("-"));
const [places, flags] = flagsAt < 0 ? [rest, []] : [rest.slice(0, flagsAt), rest.slice(flagsAt)];
const part = places.length === 1 ? `${name}/${places[0]}` : name;
const sources = (place) => (existsSync(join(cwd, "src", place)) ? `src/${place}/**/*.ts` : `src/${place}.ts`);
const mutate = [
  ...(places.length > 0 ? places.map(sources) : ["src/**/*.ts"]),
  ...["**/*.test", "index", "errors", ...partOf(part).unmutated].map(
    (file) => `!src/${file}${file.endsWith("*") ? "" : ".ts"}`,
  ),
]; // without braces: a comma ends a pattern
const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
process.exitCode = await run(
  process.execPath,
  [stryker, "run", "../../tools/mutation/stryker.config.json", "--mutate", mutate.join(","), ...flags],
  { cwd, env: { ...process.env, CHARLSTM_MUTATED: part } },
);
// Stryker's own share has mutants that no test reaches whether they are in the sample or not.
if (process.exitCode === 0) {
  const { files } = JSON.parse(readFileSync(join(cwd, ".stryker", "mutation.json"), "utf8"));
  const statuses = Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.filter((mutant) => isInSample(file, mutant, 1)).map(({ status }) => status),
  );
  const count = (...wanted) => statuses.filter((status) => wanted.includes(status)).length;
  const [noticed, unnoticed] = [count("Killed", "Timeout"), count("Survived", "NoCoverage")];
  console.log(`noticed ${noticed} of ${noticed + unnoticed}, ${count("Timeout")} of them by their time`);
}
