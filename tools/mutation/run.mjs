// `pnpm mutation PACKAGE [FOLDER|FILE...] [--FLAG...]`: mutation testing of a package or an app, or of parts of its src (`pnpm mutation
// formats hdf5 archive`), as stryker.config.json and parts.mjs say. What earlier runs found of other parts is kept.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { run } from "../run.mjs";
import { partOf } from "./parts.mjs";

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
const sources = (place) =>
  existsSync(join(cwd, "src", place)) ? `src/${place}/**/*.{ts,tsx}` : `src/${place}.{ts,tsx}`;
const mutate = [
  ...(places.length > 0 ? places.map(sources) : ["src/**/*.ts"]),
  ...["**/*.test", "**/*.d", "index", "errors", ...partOf(part).unmutated].map(
    (file) => `!src/${file}${file.endsWith("*") ? "" : ".ts"}`,
  ),
];
const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
process.exitCode = await run(
  process.execPath,
  [stryker, "run", "../../tools/mutation/stryker.config.json", "--mutate", mutate.join(","), ...flags],
  { cwd, env: { ...process.env, CHARLSTM_MUTATED: part } },
);
