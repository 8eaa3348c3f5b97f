import { resolve } from "node:path";
import type { Io } from "../terminal/io.js";
import type { TrialQueue } from "./connect.js";
import { createFolderStore, createRedisStore, type Store } from "./store.js";

/**
 * The store that `--store` names: a folder, or `s3://bucket/folder`; without one, Redis.
 *
 * @throws {CliError} `STORE_UNREACHABLE`, `PACKAGE_NEEDED`, `BAD_USAGE`.
 */
export async function openStore(io: Io, named: string | undefined, { redis, shown }: TrialQueue): Promise<Store> {
  if (named === undefined) return createRedisStore(redis, shown);
  if (!named.startsWith("s3://")) return createFolderStore(resolve(io.folder, named));
  const { createS3Store } = await import("./s3-store.js");
  return createS3Store(io, named);
}
