// Redis and BullMQ, loaded only where a queue is asked for, and refused by name where they would not do.
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { CliError } from "../errors.js";
import { type Io, say, warn } from "../terminal/io.js";
import { versions } from "../versions.js";

/** A queue of trials. */
export interface TrialQueue {
  redis: Redis;
  queue: Queue;
  bullmq: typeof import("bullmq");
  /** The address without its password. */
  shown: string;
  close(): Promise<void>;
}

/** What all keys in Redis begin with, BullMQ's too. */
export const prefix = "charlstm";
const queueName = "trials";

const oldest = [6, 2] as const;

/** Milliseconds that a first connection may take, and those between two tries when it has broken. */
const patience = 5000;
const retryEvery = 1000;

/**
 * Connects to a queue, after a look at its Redis.
 *
 * @param url `redis://` or `rediss://`, as ioredis takes it.
 * @throws {CliError} `PACKAGE_NEEDED`, `QUEUE_UNREACHABLE`, `QUEUE_DENIED`, `QUEUE_TOO_OLD`, `QUEUE_EVICTS`, `QUEUE_VERSION`.
 */
export async function connectQueue(io: Io, url: string): Promise<TrialQueue> {
  const shown = shownAddress(url);
  const { bullmq, ioredis } = await loadPackages();
  await examine(io, new ioredis.Redis(url, { ...quick, lazyConnect: true }), shown);
  const redis = new ioredis.Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => retryEvery });
  tellOfBreaks(io, redis, shown);
  const queue = new bullmq.Queue(queueName, { connection: redis, prefix });
  queue.on("error", () => {}); // told by its connection
  const connected: TrialQueue = {
    ...{ redis, queue, bullmq, shown },
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
  try {
    await checkVersion(connected);
    return connected;
  } catch (error) {
    await connected.close();
    throw error;
  }
}

const quick = { connectTimeout: patience, maxRetriesPerRequest: 0, retryStrategy: () => null };

async function loadPackages() {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, ioredis };
  } catch (cause) {
    throw packageNeeded("--queue", ["bullmq", "ioredis"], cause);
  }
}

/** That packages are wanted which charlstm does not come with. */
export function packageNeeded(flag: string, names: readonly string[], cause: unknown): CliError {
  return new CliError(
    "PACKAGE_NEEDED",
    `${flag} needs ${names.join(" and ")}, which charlstm does not come with: npm install ${names.join(" ")} beside it ` +
      "(with --global if charlstm was)",
    { cause },
  );
}

function shownAddress(url: string): string {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new CliError("BAD_USAGE", "--queue has to be an address like redis://host:6379, or rediss:// for TLS");
  return `redis at ${new URL(url).host}`;
}

/** Looks at a Redis before anything is left there. */
async function examine(io: Io, redis: Redis, shown: string): Promise<void> {
  let failure: Error | undefined;
  redis.on("error", (error: Error) => {
    failure ??= error;
  });
  try {
    await redis.connect();
    checkServer(io, await redis.info(), shown);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const cause = failure ?? (error as Error);
    const isDenied = /NOAUTH|WRONGPASS|NOPERM|invalid password/i.test(cause.message);
    if (isDenied)
      throw new CliError(
        "QUEUE_DENIED",
        `${shown} lets nobody in so (${cause.message}): correct the name and password in redis://name:password@host:6379`,
        { cause },
      );
    const isUnknown = /certificate/i.test(cause.message);
    const advice = isUnknown
      ? "name who has signed its certificate in a .pem file, by NODE_EXTRA_CA_CERTS in the environment"
      : "start it, or correct --queue (rediss:// for TLS)";
    throw new CliError("QUEUE_UNREACHABLE", `${shown} gives no answer (${cause.message}): ${advice}`, { cause });
  } finally {
    redis.disconnect();
  }
}

function checkServer(io: Io, info: string, shown: string): void {
  const facts = new Map(info.split(/\r?\n/).map((line) => line.split(":", 2) as [string, string]));
  const version = facts.get("redis_version") ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new CliError(
      "QUEUE_TOO_OLD",
      `${shown} is version ${version}, the queue needs ${oldest.join(".")} or newer: update it, or name another`,
    );
  }
  const policy = facts.get("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction") {
    throw new CliError(
      "QUEUE_EVICTS",
      `${shown} throws keys away when memory is short (maxmemory-policy ${policy}), trials among them: set it to noeviction, or name another`,
    );
  }
  if (facts.get("aof_enabled") === "0")
    warn(
      io,
      `${shown} keeps no append-only file: what it holds is lost when it is restarted (appendonly yes keeps it)`,
    );
}

/** Says when a connection breaks and is back; commands wait meanwhile. */
function tellOfBreaks(io: Io, redis: Redis, shown: string): void {
  let isAway = false;
  redis.on("error", () => {});
  redis.on("close", () => {
    if (!isAway && redis.status !== "end") say(io, `${shown} is away: waiting for it…`);
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) say(io, `${shown} is back`);
    isAway = false;
  });
}

/** One version at a time: another one's trials could come to other bits, or have another form. */
async function checkVersion({ redis, queue, shown }: TrialQueue): Promise<void> {
  const key = `${prefix}:version`;
  const own = versions.charlstm!;
  await redis.setnx(key, own);
  const there = await redis.get(key);
  if (there === own) return;
  const counts = await queue.getJobCounts();
  const isIdle = Object.values(counts).every((count) => count === 0) && (await queue.getWorkersCount()) === 0;
  if (!isIdle) {
    throw new CliError(
      "QUEUE_VERSION",
      `${shown} has trials of charlstm ${there}, this is ${own}: run the same version everywhere, or wait until they are done`,
    );
  }
  await redis.set(key, own);
}
