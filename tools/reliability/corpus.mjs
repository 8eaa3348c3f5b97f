// Is every text cleaned, once as twice, with nothing missing but what is reported, or refused by a typed error?
//
//   pnpm --filter @charlstm/reliability corpus --texts 100000
//
// The corpus's own test, with more texts than the suite tries: half generated, half real books with mutated bytes.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { texts: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const { status } = spawnSync("pnpm", ["exec", "vitest", "run", "test/hostile.test.ts"], {
  cwd: fileURLToPath(new URL("../../packages/corpus", import.meta.url)),
  env: { ...process.env, CHARLSTM_TEXTS: values.texts, CHARLSTM_SEED: values.seed },
  shell: process.platform === "win32",
  stdio: "inherit",
});
process.exitCode = status ?? 1;
