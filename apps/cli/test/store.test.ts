import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { createS3Store } from "../src/queue/s3-store.js";
import { createFolderStore, createRedisStore, mostInRedis, type Store } from "../src/queue/store.js";
import { filesIn, ioIn } from "./invoke.js";
import { hasRedis, redisNote, startRedis } from "./redis.js";
import { startS3 } from "./s3.js";

const stores: Record<string, () => Promise<Store>> = {
  "a folder": async () => createFolderStore(temporaryFolder()),
  "S3-compatible storage": async () => createS3Store({ ...ioIn("."), env: (await startS3()).env }, "s3://books/sweeps"),
};

describe.each(Object.entries(stores))("%s", (_, open) => {
  test("keeps bytes by their names until they are removed", () => keeps(open));
});

test.skipIf(!hasRedis)(`Redis keeps bytes by their names until they are removed${redisNote}`, () =>
  keeps(async () => createRedisStore((await startRedis()).client, "redis")),
);

async function keeps(open: () => Promise<Store>): Promise<void> {
  const store = await open();
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
  expect(await store.get("run/a/1")).toBeUndefined();
  await store.put("run/a/1", bytes);
  await store.put("run/a/2", bytes.subarray(0, 3));
  expect(Uint8Array.from((await store.get("run/a/1"))!)).toEqual(bytes);
  await store.put("run/a/1", Uint8Array.of(7));
  expect(Uint8Array.from((await store.get("run/a/1"))!)).toEqual(Uint8Array.of(7));
  await store.remove("run/a/1");
  await store.remove("run/a/1");
  expect(await store.get("run/a/1")).toBeUndefined();
  expect(Uint8Array.from((await store.get("run/a/2"))!)).toEqual(bytes.subarray(0, 3));
}

test("what is too large for Redis is refused before it is sent", async () => {
  const store = createRedisStore({} as never, "redis");
  await expect(store.put("run/a/1", new Uint8Array(mostInRedis + 1))).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringContaining("run/a/1 has 65 MiB, and Redis takes 64 each: give the sweep and its workers"),
  });
});

test("a folder that is full is told by name, and holds nothing half written", async (context) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "disk"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "charlstm", join(folder, "disk")]);
  if (mounted.status !== 0) context.skip("no file system may be mounted here");
  try {
    const store = createFolderStore(join(folder, "disk"));
    await store.put("run/a/1", new Uint8Array(1000));
    await expect(store.put("run/a/1", new Uint8Array(100_000))).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(filesIn(join(folder, "disk"))).toEqual(["charlstm/run/a/1"]);
    expect((await store.get("run/a/1"))?.length).toBe(1000);
  } finally {
    spawnSync("umount", [join(folder, "disk")]);
  }
  expect(readdirSync(join(folder, "disk"))).toEqual([]);
});

describe("S3-compatible storage", () => {
  test("is refused without a key, with another's, and where nobody is", async () => {
    const { env } = await startS3();
    const io = (changed: Record<string, string>) => ({ ...ioIn("."), env: { ...env, ...changed } });
    await expect(createS3Store({ ...ioIn("."), env: {} }, "s3://b")).rejects.toMatchObject({ code: "BAD_USAGE" });
    const other = await createS3Store(io({ AWS_SECRET_ACCESS_KEY: "other" }), "s3://b");
    await expect(other.get("text/a")).rejects.toMatchObject({
      code: "STORE_UNREACHABLE",
      message: expect.stringContaining("403 SignatureDoesNotMatch"),
    });
    const away = await createS3Store(io({ AWS_ENDPOINT_URL: "http://127.0.0.1:1" }), "s3://b");
    await expect(away.put("text/a", Uint8Array.of(1))).rejects.toMatchObject({ code: "STORE_UNREACHABLE" });
  });

  test("has objects under the bucket and the folder that are named", async () => {
    const { env, objects } = await startS3();
    const store = await createS3Store({ ...ioIn("."), env }, "s3://books/sweeps/");
    await store.put("text/abc", Uint8Array.of(1));
    expect([...objects.keys()]).toEqual(["/books/sweeps/text/abc"]);
  });
});
