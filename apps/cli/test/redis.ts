import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
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

/** A certificate for 127.0.0.1 that nobody has signed, and its key, as files; `undefined` without an openssl. */
export function makeCertificate(): { certificate: string; key: string } | undefined {
  const folder = temporaryFolder();
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const argv = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"];
  const names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate];
  return spawnSync("openssl", [...argv, ...names]).status === 0 ? { certificate, key } : undefined;
}

/** Starts one, which goes with the test; with a certificate it speaks TLS alone. */
export async function startRedis(
  options: Readonly<Record<string, string>> = {},
  tls?: ReturnType<typeof makeCertificate>,
): Promise<TestRedis> {
  const port = await freePort();
  const folder = temporaryFolder();
  const listens: Record<string, string> = tls
    ? {
        ...{ port: "0", "tls-port": String(port), "tls-auth-clients": "no" },
        ...{ "tls-cert-file": tls.certificate, "tls-key-file": tls.key },
      }
    : { port: String(port) };
  const given = { ...listens, dir: folder, bind: "127.0.0.1", appendonly: "yes", save: "", ...options };
  const argv = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const { requirepass } = options;
  const user = requirepass === undefined ? "" : `:${requirepass}@`;
  const url = `${tls ? "rediss" : "redis"}://${user}127.0.0.1:${port}`;
  const client = new Redis(url, {
    ...{ maxRetriesPerRequest: null, retryStrategy: () => 50, lazyConnect: true },
    ...(tls && { tls: { ca: readFileSync(tls.certificate) } }),
  });
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
