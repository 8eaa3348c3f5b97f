import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { packFolder, unpackFolder } from "./pack.js";

test("a folder that is packed and unpacked is the same, but for its lock", async () => {
  const folder = temporaryFolder();
  const run = join(folder, "run");
  mkdirSync(join(run, "checkpoints", "epoch-0001"), { recursive: true });
  writeFileSync(join(run, "run.json"), "{}");
  writeFileSync(join(run, "empty.txt"), "");
  writeFileSync(join(run, "run.lock"), "ours");
  const weights = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  writeFileSync(join(run, "checkpoints", "epoch-0001", "weights.bin"), weights);
  await unpackFolder(await packFolder(run), join(folder, "copy"));
  expect(readFileSync(join(folder, "copy", "checkpoints", "epoch-0001", "weights.bin"))).toEqual(weights);
  expect(readFileSync(join(folder, "copy", "run.json"), "utf8")).toBe("{}");
  expect(readFileSync(join(folder, "copy", "empty.txt"), "utf8")).toBe("");
  expect(() => readFileSync(join(folder, "copy", "run.lock"))).toThrow("ENOENT");
});

test.each([
  "../outside",
  "/a/b/c/outside",
  "a/b/c/d/too-deep",
  "a/../../outside",
  "/outside",
  ".hidden",
  "a/.ssh/x",
  "a\\..\\b",
  "C:x",
  "",
])("a file %j of a pack is refused", async (path) => {
  const folder = temporaryFolder();
  const bytes = Buffer.from(`${JSON.stringify([{ path, bytes: 1 }])}\nx`);
  await expect(unpackFolder(bytes, join(folder, "run"))).rejects.toMatchObject({ code: "BAD_PACK" });
});

test("a file that is there already is not replaced by one of a pack", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "run.json"), "mine");
  const bytes = Buffer.from('[{"path":"run.json","bytes":1}]\nx');
  await expect(unpackFolder(bytes, folder)).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(join(folder, "run.json"), "utf8")).toBe("mine");
});

test.each(["", "x", "[]", "[]\nx", '[{"path":"a","bytes":2}]\nx', "{}\n"])("%j is no pack", async (text) => {
  const folder = temporaryFolder();
  await expect(unpackFolder(Buffer.from(text), join(folder, "run"))).rejects.toMatchObject({ code: "BAD_PACK" });
});
