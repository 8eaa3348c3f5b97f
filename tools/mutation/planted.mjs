// `node tools/mutation/planted.mjs [WORD...]`: plants bugs by hand that a reading found likely, one at a time, and runs the tests that
// have to notice; exits with 1 when one goes unnoticed. With words, only the bugs whose description has one of them. Works on the files
// themselves, and puts each back. Everything has to be built: `pnpm build`.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { bugs } from "./planted-bugs.mjs";

const words = process.argv.slice(2);
const chosen = bugs.filter(({ bug }) => words.length === 0 || words.some((word) => bug.includes(word)));
// Before the first is planted: code moves.
const lost = chosen.filter(({ place, right }) => readFileSync(join(root, place), "utf8").split(right).length !== 2);
if (lost.length > 0) {
  throw new Error(lost.map(({ bug, place, right }) => `${bug}: ${place} has not just once: ${right}`).join("\n"));
}
const clean = new Map();
let unnoticed = 0;
for (const { bug, place, suite = place.split("/", 2).join("/"), tests, right, wrong } of chosen) {
  const passes = () => {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const given = [vitest, "run", "--bail", "1", ...tests];
    return spawnSync(process.execPath, given, { cwd: join(root, suite), stdio: "ignore" }).status === 0;
  };
  // Tests that fail anyway notice nothing.
  const key = [suite, ...tests].join();
  if (!clean.has(key)) clean.set(key, passes());
  const path = join(root, place);
  const source = readFileSync(path, "utf8");
  const restore = () => writeFileSync(path, source);
  process.once("exit", restore);
  writeFileSync(
    path,
    source.replace(right, () => wrong),
  );
  const isNoticed = clean.get(key) && !passes();
  restore();
  process.off("exit", restore);
  if (!isNoticed) unnoticed++;
  console.log(
    `${isNoticed ? "noticed  " : "UNNOTICED"}  ${bug} (${place})${clean.get(key) ? "" : ": the tests fail anyway"}`,
  );
}
process.exitCode = unnoticed > 0 ? 1 : 0;
