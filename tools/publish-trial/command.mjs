import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { pnpmFolder } from "../pnpm.mjs";

/**
 * Runs a command as a user would, without the settings that npm and pnpm put in our own environment.
 *
 * @param {string} line Fixed words, for a shell (`npm` is a `.cmd` on Windows).
 * @param {string} cwd
 * @param {Record<string, string>} environment
 * @returns {Promise<{ stdout: string, stderr: string }>} Rejects with both when the exit code is not 0.
 */
export function command(line, cwd, environment = {}) {
  const ours = /^(npm_|pnpm_|node_env$|node_path$|init_cwd$|turbo_hash$)/i;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const env = { ...inherited, CI: "true", NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1", ...environment };
  const child = spawn(line, { cwd, env, shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => (stdout += piece));
  child.stderr.setEncoding("utf8").on("data", (piece) => (stderr += piece));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve({ stdout, stderr });
      else reject(new Error(`${line}: exit code ${code} in ${cwd}\n${stdout.slice(-6000)}\n${stderr.slice(-6000)}`));
    });
  });
}

/** Runs the pinned pnpm, or a command that has to find it. */
export async function withPnpm(line, cwd, environment = {}) {
  return command(line, cwd, { ...environment, PATH: [await pnpmFolder(), process.env.PATH].join(delimiter) });
}
