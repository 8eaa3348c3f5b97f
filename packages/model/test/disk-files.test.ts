// What lies on a real disk: links and other things in a checkpoint's place, leftovers, permissions.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDiskStore, fileNames, loadNewest } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";

const names = Object.values(fileNames);
const isWindows = process.platform === "win32";

/** A store with one checkpoint, `one`. */
async function savedStore() {
  const folder = join(temporaryFolder(), "checkpoints");
  const store = createDiskStore(folder);
  await store.save("one", sampleCheckpoint());
  return { folder, store, place: join(folder, "one") };
}

describe.each(names)("instead of %s", (name) => {
  test("a link is refused, even to the very same bytes, and to nothing", async () => {
    const { folder, store, place } = await savedStore();
    renameSync(join(place, name), join(folder, "elsewhere"));
    symlinkSync(join(folder, "elsewhere"), join(place, name));
    await expect(store.load("one")).rejects.toMatchObject({
      code: "BAD_CHECKPOINT",
      details: { path: join(place, name) },
    });
    rmSync(join(folder, "elsewhere"));
    await expect(store.load("one")).rejects.toMatchObject({ code: "BAD_CHECKPOINT" });
  });

  test("a folder is refused", async () => {
    const { store, place } = await savedStore();
    rmSync(join(place, name));
    mkdirSync(join(place, name));
    await expect(store.load("one")).rejects.toMatchObject({ code: "BAD_CHECKPOINT" });
  });

  test("nothing is refused", async () => {
    const { store, place } = await savedStore();
    rmSync(join(place, name));
    await expect(store.load("one")).rejects.toMatchObject({ code: "INCOMPLETE", details: { file: name } });
    expect(await store.list()).toEqual(["one"]);
  });

  test("half of it is refused, and passed over by a run that goes on", async () => {
    const { store, place } = await savedStore();
    await store.save("two", sampleCheckpoint({ step: 2 }));
    const bytes = readFileSync(join(place, "..", "two", name));
    writeFileSync(join(place, "..", "two", name), bytes.subarray(0, bytes.length / 2));
    const code = name === fileNames.manifest ? "ALTERED" : "TRUNCATED";
    await expect(store.load("two")).rejects.toMatchObject({ code, details: { file: name } });
    expect(await loadNewest(store)).toMatchObject({ name: "one", skipped: [{ name: "two", error: { code } }] });
  });
});

test("a pipe or a socket in place of a file is refused, and nobody waits for it", async (context) => {
  if (isWindows) context.skip("no such files on Windows");
  const { store, place } = await savedStore();
  rmSync(join(place, "weights.bin"));
  execFileSync("mkfifo", [join(place, "weights.bin")]);
  await expect(store.load("one")).rejects.toMatchObject({ code: "BAD_CHECKPOINT" });
  rmSync(join(place, "weights.bin"));
  const server = createServer().listen(join(place, "weights.bin"));
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  await expect(store.load("one")).rejects.toMatchObject({ code: "BAD_CHECKPOINT" });
});

test("a link in place of a checkpoint's folder is refused, not listed, not replaced, not removed", async () => {
  const { folder, store, place } = await savedStore();
  const outside = join(folder, "..", "outside");
  renameSync(place, outside);
  symlinkSync(outside, place);
  await expect(store.load("one")).rejects.toMatchObject({ code: "BAD_CHECKPOINT", details: { path: place } });
  expect(await store.list()).toEqual([]);
  await expect(store.save("one", sampleCheckpoint())).rejects.toMatchObject({ code: "OCCUPIED" });
  await expect(store.remove("one")).rejects.toMatchObject({ code: "OCCUPIED" });
  expect(readdirSync(outside).sort()).toEqual([...names].sort());
});

test("what others keep in a checkpoint's folder stays there when it is replaced, and keeps it from being removed", async () => {
  const { folder, store, place } = await savedStore();
  const outside = join(folder, "..", "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "mine.txt"), "mine");
  writeFileSync(join(place, "notes.txt"), "why this one is good");
  mkdirSync(join(place, "plots"));
  writeFileSync(join(place, "plots", "loss.csv"), "1,2");
  symlinkSync(outside, join(place, "link"));
  await store.save("one", sampleCheckpoint({ step: 2 }));
  await expect(store.remove("one")).rejects.toMatchObject({
    code: "OCCUPIED",
    message: expect.stringContaining("also holds link, notes.txt, plots"),
  });
  expect(await store.load("one")).toEqual(sampleCheckpoint({ step: 2 }));
  expect(readdirSync(place).sort()).toEqual([...names, "link", "notes.txt", "plots"].sort());
  expect(readFileSync(join(place, "notes.txt"), "utf8")).toBe("why this one is good");
  expect(readFileSync(join(place, "plots", "loss.csv"), "utf8")).toBe("1,2");
  expect(readdirSync(outside)).toEqual(["mine.txt"]);
  for (const name of ["link", "notes.txt"]) rmSync(join(place, name));
  rmSync(join(place, "plots"), { recursive: true });
  await store.remove("one");
  expect(readdirSync(folder)).toEqual([]);
});

test("a model of TensorFlow.js, of two files that a checkpoint has too, is neither replaced nor removed", async () => {
  const { folder, store, place } = await savedStore();
  renameSync(place, join(folder, "tfjs"));
  for (const name of ["charlstm.json", "optimizer.bin"]) rmSync(join(folder, "tfjs", name));
  await expect(store.save("tfjs", sampleCheckpoint())).rejects.toMatchObject({ code: "OCCUPIED" });
  await expect(store.remove("tfjs")).rejects.toMatchObject({ code: "OCCUPIED" });
  expect(readdirSync(join(folder, "tfjs")).sort()).toEqual(["model.json", "weights.bin"]);
});

describe("what a crash left behind", () => {
  /** A number that no process has: one that has ended. */
  function endedProcess(): number {
    return Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
  }

  test("half written is passed over, and removed by the next save", async () => {
    const { folder, store, place } = await savedStore();
    const partial = join(folder, `.two.${endedProcess()}-0123456789ab.partial`);
    cpSync(place, partial, { recursive: true });
    rmSync(join(partial, "charlstm.json"));
    expect(await store.list()).toEqual(["one"]);
    await expect(store.load("two")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await store.save("three", sampleCheckpoint());
    expect(readdirSync(folder).sort()).toEqual(["one", "three"]);
  });

  test("of another process that still writes is left alone", async () => {
    const { folder, store } = await savedStore();
    const partial = `.two.${process.ppid}-0123456789ab.partial`;
    mkdirSync(join(folder, partial));
    await store.save("three", sampleCheckpoint());
    expect(readdirSync(folder)).toContain(partial);
  });

  test("between the two renames of a replacement is found, listed, and put back by the next save", async () => {
    const { folder, store, place } = await savedStore();
    renameSync(place, join(folder, `.one.${endedProcess()}-0123456789ab.old`));
    expect(await store.list()).toEqual(["one"]);
    expect(await store.load("one")).toEqual(sampleCheckpoint());
    expect(await loadNewest(store)).toMatchObject({ name: "one", skipped: [] });
    await store.save("two", sampleCheckpoint());
    expect(readdirSync(folder).sort()).toEqual(["one", "two"]);
    expect(await store.load("one")).toEqual(sampleCheckpoint());
  });

  test("takes nothing of others' with it, and what they kept in a checkpoint goes to its successor", async () => {
    const { folder, store, place } = await savedStore();
    const old = join(folder, `.one.${endedProcess()}-0123456789ab.old`);
    const partial = join(folder, `.two.${endedProcess()}-0123456789ab.partial`);
    cpSync(place, old, { recursive: true });
    writeFileSync(join(old, "notes.txt"), "mine");
    cpSync(place, partial, { recursive: true });
    writeFileSync(join(partial, "notes.txt"), "mine too");
    await store.save("three", sampleCheckpoint());
    expect(readFileSync(join(place, "notes.txt"), "utf8")).toBe("mine");
    expect(readFileSync(join(partial, "notes.txt"), "utf8")).toBe("mine too");
    expect(readdirSync(folder).sort()).toEqual([partial.slice(folder.length + 1), "one", "three"]);
  });

  test("under a process number that another process has by now does not come back after a removal", async () => {
    const { folder, store, place } = await savedStore();
    cpSync(place, join(folder, `.one.${process.ppid}-0123456789ab.old`), { recursive: true });
    await store.remove("one");
    expect(await store.list()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("names that only look like it are nobody's to touch", async () => {
    const { folder, store } = await savedStore();
    const others = [
      ".one.partial",
      ".one.1-xyz.partial",
      ".git",
      ".one.1-0123456789ab.new",
      ".one.1-0123456789ab.old.txt",
    ];
    for (const name of others) mkdirSync(join(folder, name));
    await store.save("two", sampleCheckpoint());
    expect(readdirSync(folder).sort()).toEqual([...others, "one", "two"].sort());
    expect(await store.list()).toEqual(["one", "two"]);
  });
});

test("a checkpoint that was copied or moved as a folder is the same checkpoint", async () => {
  const { folder, store, place } = await savedStore();
  mkdirSync(join(folder, "copy"));
  for (const name of names) copyFileSync(join(place, name), join(folder, "copy", name));
  renameSync(place, join(folder, "moved"));
  expect(await store.list()).toEqual(["copy", "moved"]);
  for (const name of ["copy", "moved"]) expect(await store.load(name)).toEqual(sampleCheckpoint());
});

describe("permissions", () => {
  const script = `
    import { createDiskStore, initialWeights } from ${JSON.stringify(new URL("../dist/checkpoint-node.js", import.meta.url).href)};
    process.umask(Number(process.argv[2]));
    const architecture = { vocabularySize: 1, window: 1, units: [1], dropout: 0 };
    const facts = { vocabulary: ["a"], objective: "window", history: [], settings: {}, metadata: {} };
    const weights = initialWeights(architecture, { seed: 1 });
    await createDiskStore(process.argv[1]).save("one", { architecture, weights, ...facts });
  `;

  test.for([
    { umask: 0o000, folders: 0o755, files: 0o644 },
    { umask: 0o002, folders: 0o755, files: 0o644 },
    { umask: 0o022, folders: 0o755, files: 0o644 },
    { umask: 0o027, folders: 0o750, files: 0o640 },
    { umask: 0o077, folders: 0o700, files: 0o600 },
  ])(
    "let nobody but the owner write, and are narrower where the umask says so: %o",
    ({ umask, folders, files }, context) => {
      if (isWindows) context.skip("Windows has no such permissions");
      const folder = join(temporaryFolder(), "runs", "checkpoints");
      execFileSync(process.execPath, ["--input-type=module", "--eval", script, folder, String(umask)]);
      const mode = (path: string) => statSync(path).mode & 0o777;
      expect([mode(join(folder, "..")), mode(folder), mode(join(folder, "one"))]).toEqual([folders, folders, folders]);
      for (const name of readdirSync(join(folder, "one"))) expect(mode(join(folder, "one", name)), name).toBe(files);
    },
  );
});
