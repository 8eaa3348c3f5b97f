import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { temporaryFolder } from "@charlstm/testing";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";

/** Whether this machine has a Redis to start. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** For the names of tests that need it. */
export const redisNote = hasRedis ? "" : " (skipped: no redis-server)";

/** A Redis of one test, on loopback. */
export interface TestRedis {
  url: string;
  client: Redis;
  /** Ends it by a signal, and starts it anew on its append-only file. */
  restart(signal: NodeJS.Signals): Promise<void>;
}

/** Starts one, which goes with the test. */
export async function startRedis(options: Readonly<Record<string, string>> = {}): Promise<TestRedis> {
  const port = await freePort();
  const folder = temporaryFolder();
  const given = { port: String(port), dir: folder, bind: "127.0.0.1", appendonly: "yes", save: "", ...options };
  const argv = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const { requirepass } = options;
  const url = `redis://${requirepass === undefined ? "" : `:${requirepass}@`}127.0.0.1:${port}`;
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50, lazyConnect: true });
  client.on("error", () => {});
  let server: ChildProcess;
  const begin = async () => {
    server = spawn("redis-server", argv, { stdio: "ignore" });
    while ((await client.ping().catch(() => "")) !== "PONG") await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await begin();
  onTestFinished(async () => {
    client.disconnect();
    server.kill("SIGKILL");
    await once(server, "exit").catch(() => {});
  });
  return {
    url,
    client,
    async restart(signal) {
      const ended = once(server, "exit");
      server.kill(signal);
      await ended;
      await begin();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  return port;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}

/** What says that it is a Redis, and answers INFO with these facts. */
export async function startStandIn(facts: Readonly<Record<string, string>>): Promise<string> {
  const info = Object.entries(facts)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join("");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      for (const command of data.toString().split(/(?=\*\d)/)) {
        const isInfo = /\$4\r\ninfo/i.test(command);
        socket.write(isInfo ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n");
      }
    });
  });
  const port = await listen(server);
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${port}`;
}
