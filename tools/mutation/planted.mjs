// `node tools/mutation/planted.mjs [WORD...]`: plants bugs by hand that a reading found likely, one at a time, and runs the tests that
// have to notice; exits with 1 when one goes unnoticed. With words, only the bugs whose description has one of them. Works on the files
// themselves, and puts each back. Everything has to be built: `pnpm build`.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { bugs } from "./planted-bugs.mjs";

const words = process.argv.slice(2);
let unnoticed = 0;
for (const { bug, place, tests, right, wrong } of bugs) {
  if (words.length > 0 && !words.some((word) => bug.includes(word))) continue;
  const path = join(root, place);
  const source = readFileSync(path, "utf8");
  if (source.split(right).length !== 2) throw new Error(`${place} has not just once: ${right}`);
  const restore = () => writeFileSync(path, source);
  process.once("exit", restore);
  writeFileSync(
    path,
    source.replace(right, () => wrong),
  );
  const cwd = join(root, place.split("/").slice(0, 2).join("/"));
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const { status } = spawnSync(process.execPath, [vitest, "run", "--bail", "1", ...tests], { cwd, stdio: "ignore" });
  restore();
  process.off("exit", restore);
  if (status === 0) unnoticed++;
  console.log(`${status === 0 ? "UNNOTICED" : "noticed  "}  ${bug} (${place})`);
}
process.exitCode = unnoticed > 0 ? 1 : 0;
