// Does the widest network train and write?
//
//   pnpm --filter @charlstm/reliability units --units 2048
//
// The CLI's own test, with more units than the suite takes time for.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { units: { type: "string", default: "2048" } } });
const { status } = spawnSync("pnpm", ["exec", "vitest", "run", "test/numbers.test.ts", "-t", "units train"], {
  cwd: fileURLToPath(new URL("../../apps/cli", import.meta.url)),
  env: { ...process.env, CHARLSTM_UNITS: values.units },
  shell: process.platform === "win32",
  stdio: "inherit",
});
process.exitCode = status ?? 1;
