// A Redis, workers and sweeps as processes, for the figures of queue.mjs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../apps/cli/dist/bin.js", import.meta.url));

/** Starts a Redis with an append-only file in a folder. */
export async function startRedis(folder, port) {
  mkdirSync(folder, { recursive: true });
  const argv = ["--port", String(port), "--dir", folder, "--bind", "127.0.0.1", "--appendonly", "yes", "--save", ""];
  let server;
  const begin = async () => {
    server = spawn("redis-server", argv, { stdio: "ignore" });
    while (!(await redisCli(port, "ping").catch(() => "")).includes("PONG")) await pause(50);
  };
  await begin();
  return {
    url: `redis://127.0.0.1:${port}`,
    ask: (...words) => redisCli(port, ...words),
    async restart() {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
      await begin();
    },
    async stop() {
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      await ended;
    },
  };
}

async function redisCli(port, ...words) {
  return (await run("redis-cli", ["-p", String(port), ...words])).stdout;
}

/** Starts the command line; `outcome` has what it printed. */
export function charlstm(folder, ...argv) {
  return start(process.execPath, [program, ...argv], folder);
}

/** The same under bash, which says at the end how many seconds of computing it took; for what ends by itself. */
export function computing(folder, ...argv) {
  const { outcome, says } = start(
    "bash",
    ["-c", '"$@"; code=$?; times >&2; exit $code', "-", process.execPath, program, ...argv],
    folder,
  );
  const spent = outcome.then(({ code, stderr }) => {
    if (code !== 0) throw new Error(stderr);
    const [, ...times] = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\n$/.exec(stderr).map(Number);
    return 60 * times[0] + times[1] + 60 * times[2] + times[3];
  });
  return { says, spent };
}

function run(command, argv) {
  return start(command, argv, ".").outcome;
}

function start(command, argv, folder) {
  const child = spawn(command, argv, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (chunk) => (written[name] += chunk));
  const outcome = once(child, "close").then(([code]) => ({ code, ...written }));
  const says = async (words) => {
    while (!written.stderr.includes(words)) {
      if (child.exitCode !== null) throw new Error(`ended without saying "${words}": ${written.stderr}`);
      await pause(20);
    }
  };
  return { child, outcome, says };
}

/** The results of a sweep by trial, without what the clock and the place say; fails where a trial has two. */
export function resultsOf(folder) {
  const lines = readFileSync(join(folder, "sweep.jsonl"), "utf8").trim().split("\n");
  const results = new Map();
  for (const line of lines) {
    const { trial, seconds, worker: _, build: __, ...result } = JSON.parse(line);
    if (results.has(trial)) throw new Error(`trial ${trial} is counted twice`);
    results.set(trial, { result: JSON.stringify(result), seconds });
  }
  return results;
}

/** The final weights of a trial. */
export function weightsOf(folder, trial) {
  return readFileSync(join(folder, `trial-${String(trial).padStart(2, "0")}`, "model", "weights.bin"));
}
