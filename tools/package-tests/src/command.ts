import { spawn } from "node:child_process";

/** What a finished command left. */
export type Finished = { code: number; stdout: string; stderr: string };

/**
 * Runs a command in `cwd` as a user would: without what npm, pnpm and vitest put in our own environment, and with
 * nothing on stdin. The shell finds `npm` and `pnpm` where they are `.cmd` files, so the arguments are fixed words.
 */
export function command(line: string, cwd: string): Promise<Finished> {
  return finish(spawn(line, { cwd, env: userEnvironment(), shell: true, stdio: ["ignore", "pipe", "pipe"] }));
}

/** Runs a script line by line, up to the first line that fails. */
export function bash(script: string, cwd: string, environment: NodeJS.ProcessEnv): Promise<Finished> {
  const env = { ...userEnvironment(), ...environment };
  return finish(spawn("bash", ["-euxo", "pipefail", "-c", script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] }));
}

/** Runs a file with this Node. */
export function node(args: readonly string[], cwd: string): Promise<Finished> {
  return finish(spawn(process.execPath, args, { cwd, env: userEnvironment(), stdio: ["ignore", "pipe", "pipe"] }));
}

/** The same as a failure that says what the command printed, when its exit code is not 0. */
export async function succeed(running: Promise<Finished>): Promise<Finished> {
  const finished = await running;
  if (finished.code !== 0) {
    throw new Error(`exit code ${finished.code}\n${finished.stdout.slice(-4000)}\n${finished.stderr.slice(-4000)}`);
  }
  return finished;
}

function finish(child: ReturnType<typeof spawn>): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    stdout += piece;
  });
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

function userEnvironment(): NodeJS.ProcessEnv {
  const ours =
    /^(npm_|pnpm_|vitest|vite_|node_env$|node_path$|init_cwd$|turbo_hash$|test$|dev$|prod$|mode$|base_url$|ssr$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
