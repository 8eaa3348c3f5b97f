// Where texts and the runs of trials are put so that every machine can have them: Redis itself, or a folder that all share.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Redis } from "ioredis";
import { CliError } from "../errors.js";
import { prefix } from "./connect.js";

/** Named bytes; each is whole or not there. */
export interface Store {
  /** For messages. */
  readonly shown: string;
  /** @throws {CliError} `STORE_FULL`, `TOO_LARGE`. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  remove(name: string): Promise<void>;
}

/** Bytes that one text or one trial may have in Redis, where all lie in memory. */
export const mostInRedis = 64 * 2 ** 20;

/** In Redis, under the queue's keys. */
export function createRedisStore(redis: Redis, shown: string): Store {
  const keyOf = (name: string) => `${prefix}:${name.replaceAll("/", ":")}`;
  return {
    shown,
    async put(name, bytes) {
      if (bytes.length > mostInRedis) {
        const [size, most] = [bytes.length, mostInRedis].map((each) => Math.ceil(each / 2 ** 20));
        throw new CliError(
          "TOO_LARGE",
          `${name} has ${size} MiB, and Redis takes ${most} each: give the sweep and its workers a shared folder with --store`,
        );
      }
      try {
        await redis.set(keyOf(name), Buffer.from(bytes));
      } catch (cause) {
        if (!/^OOM/.test((cause as Error).message)) throw cause;
        throw full(shown, "raise its maxmemory", cause);
      }
    },
    async get(name) {
      return (await redis.getBuffer(keyOf(name))) ?? undefined;
    },
    async remove(name) {
      await redis.del(keyOf(name));
    },
  };
}

function full(shown: string, advice: string, cause: unknown): CliError {
  return new CliError(
    "STORE_FULL",
    `${shown} has no space left: ${advice}, or put the runs elsewhere with --store; trials go on from what was saved`,
    { cause },
  );
}

/**
 * In a folder that every machine sees under this path.
 *
 * @throws {CliError} `STORE_UNREACHABLE` where there is none.
 */
export function createFolderStore(folder: string): Store {
  if (!existsSync(folder))
    throw new CliError(
      "STORE_UNREACHABLE",
      `there is no folder ${folder} for --store: make it, or mount what the machines share there`,
    );
  const pathOf = (name: string) => join(folder, prefix, ...name.split("/"));
  return {
    shown: folder,
    async put(name, bytes) {
      const path = pathOf(name);
      const aside = `${path}.${randomBytes(6).toString("hex")}.unfinished`;
      try {
        await mkdir(dirname(path), { recursive: true });
        const file = await open(aside, "wx");
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(aside, path);
      } catch (cause) {
        await rm(aside, { force: true }).catch(() => {});
        const { code } = cause as NodeJS.ErrnoException;
        if (code !== "ENOSPC" && code !== "EDQUOT") throw cause;
        throw full(folder, "free some", cause);
      }
    },
    async get(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    async remove(name) {
      const path = pathOf(name);
      await rm(path, { force: true });
      await rmdir(dirname(path)).catch(() => {}); // the last one takes its folder along
    },
  };
}
