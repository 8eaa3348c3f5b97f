// What a command writes over: only what this program made, never through a link, and nothing of a user's goes.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { marks } from "../src/files/marks.js";
import { appendOwnFile, makeOwnFolder, removeUnfinished, writeOwnFile } from "../src/files/own-files.js";
import { finishedRun } from "./finished-run.js";
import { filesIn, invoke, start } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const runFolder = finishedRun();
const train = ["train", "book.txt", ...tinyFlags, "--max-steps", "2"];
const mine = "mine, not to be lost\n";

/** Every command that writes, with a file that it writes: alone in its folder, or in the run's. */
const writers: [argv: string[], file: string][] = [
  [["corpus", "book.txt", "--out", "clean.txt"], "clean.txt"],
  [["report", "run", "--out", "page.html"], "page.html"],
  [["report", "run", "run"], "report.html"],
  [["report", "run"], "run/report.html"],
  [["export", "run"], "char_lstm_model.h5"],
  [["export", "run"], "char_lstm_model.h5.vocabulary.json"],
  ...["keras", "onnx", "safetensors"].map((format): [string[], string] => [
    ["export", "run", "--format", format],
    `char_lstm_model.${format}`,
  ]),
  [["export", "run", "--format", "tfjs"], "char_lstm_model/model.json"],
  [["export", "run", "--format", "tfjs"], "char_lstm_model/weights.bin"],
  [["import", "run/char_lstm_model.h5", "--out", "in"], "in"],
  ...[
    ...["run.json", "metrics.jsonl", "baselines.json", "char_lstm_model.h5", "char_lstm_model.h5.vocabulary.json"],
    ...["loss.svg", "loss.png", "report.html", "generated_text", "checkpoints", "model", "tensorboard"],
  ].map((name): [string[], string] => [[...train, "--out", "new"], `new/${name}`]),
];

describe.each(writers)("%j", (argv, file) => {
  const prepare = () => {
    const folder = runFolder();
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    return { folder, path };
  };

  test(`leaves a user's ${file} as it is, and names it`, async () => {
    const { folder, path } = prepare();
    writeFileSync(path, mine);
    const { code, stderr } = await invoke(argv, { folder });
    expect(readFileSync(path, "utf8")).toBe(mine);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\[(OCCUPIED|RUN_EXISTS)\]\n$/);
    expect(stderr).toContain(file.startsWith("new/") && !file.endsWith("run.json") ? file.slice(4) : dirname(path));
  });

  test(`follows no link at ${file}`, async () => {
    const { folder, path } = prepare();
    const victim = join(folder, "..", `victim-${process.pid}-${Math.random()}`);
    writeFileSync(victim, mine);
    symlinkSync(victim, path);
    const { code } = await invoke(argv, { folder });
    expect(readFileSync(victim, "utf8")).toBe(mine);
    expect(readlinkSync(path)).toBe(victim);
    expect(code).toBe(1);
    rmSync(victim);
  });
});

/** What a run that goes on writes anew. */
const resumed = ["run.json", "metrics.jsonl", "baselines.json", "char_lstm_model.h5", "generated_text/epoch_01.txt"];

test.each([...resumed, "generated_text", "checkpoints", "model", "tensorboard"])(
  "a run does not go on over a link or a user's file at %s",
  async (name) => {
    const folder = runFolder();
    const path = join(folder, "run", name);
    const moved = join(folder, "moved");
    if (existsSync(path)) renameSync(path, moved);
    else mkdirSync(moved);
    symlinkSync(moved, path);
    const content = () => (statSync(moved).isDirectory() ? filesIn(moved) : readFileSync(moved, "utf8"));
    const before = content();
    const argv = ["train", "--resume", "run", "--epochs", "3", "--tensorboard"];
    const { code, stderr } = await invoke(argv, { folder });
    expect(stderr).toMatch(/is a link: .*\[OCCUPIED\]\n$/);
    expect(code).toBe(1);
    expect(content()).toEqual(before);
    rmSync(path);
    writeFileSync(path, mine);
    if (name === "run.json") return; // no run is known by it
    expect((await invoke(argv, { folder })).stderr).toMatch(/\[OCCUPIED\]\n$/);
    expect(readFileSync(path, "utf8")).toBe(mine);
  },
);

test.each(["loss.svg", "loss.png"])("a report is made beside a user's %s, which is named and left", async (name) => {
  const folder = runFolder();
  for (const put of [
    (path: string) => writeFileSync(path, mine),
    (path: string) => symlinkSync(join(folder, "book.txt"), path),
  ]) {
    rmSync(join(folder, "run", name), { force: true });
    put(join(folder, "run", name));
    const kept = readFileSync(join(folder, "run", name), "utf8");
    const { code, stderr } = await invoke(["report", "run"], { folder });
    // On a machine that is busy a notice comes first.
    const warning = /^(drawing the report…\n)?warning: .*loss\.(svg|png) is /;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(warning) });
    expect(readFileSync(join(folder, "run", name), "utf8")).toBe(kept);
  }
});

test("each command writes over what it made before", async () => {
  const folder = runFolder();
  for (const argv of [
    ["corpus", "book.txt", "--out", "clean.txt"],
    ["report", "run"],
    ["report", "run", "run", "--out", "both.html"],
    ...["h5", "keras", "onnx", "safetensors", "tfjs"].map((format) => ["export", "run", "--format", format]),
    ["import", "run/char_lstm_model.h5", "--out", "in"],
    ["train", "--resume", "run", "--epochs", "3", "--tensorboard"],
    ["train", "--resume", "run", "--epochs", "4", "--tensorboard"],
    ...["h5", "tfjs"].map((format) => ["export", "run", "--format", format]),
  ]) {
    for (let time = 1; time <= 2; time++) {
      const { code, stderr } = await invoke(argv, { folder });
      expect({ argv, code, stderr: code ? stderr : "" }).toEqual({ argv, code: 0, stderr: "" });
    }
  }
});

test("a training beside a user's files leaves all of them there", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const names = ["notes.txt", "notes.txt.1", "data.json.20240101", "run.lock.bak", ".charlstm-1.unfinished", "a.h5.7"];
  for (const name of names) writeFileSync(join(folder, name), mine);
  mkdirSync(join(folder, "generated_text"));
  const refused = await invoke([...train, "--out", "."], { folder });
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("holds generated_text,") });
  rmSync(join(folder, "generated_text"), { recursive: true });
  expect((await invoke([...train, "--out", "."], { folder })).code).toBe(0);
  writeFileSync(join(folder, "generated_text", "epoch_01.txt.1"), mine);
  writeFileSync(join(folder, "checkpoints", readdirSync(join(folder, "checkpoints"))[0]!, "why.txt"), mine);
  writeFileSync(join(folder, "model", "why.txt"), mine);
  const resumedRun = ["train", "--resume", ".", "--max-steps", "200", "--epochs", "6", "--keep", "1"];
  expect((await invoke(resumedRun, { folder })).code).toBe(0);
  const files = filesIn(folder);
  expect(files).toEqual(expect.arrayContaining([...names, "generated_text/epoch_01.txt.1", "model/why.txt"]));
  expect(files.filter((name) => /^checkpoints\/.*\/why\.txt$/.test(name))).toHaveLength(1);
  for (const name of files.filter((name) => names.includes(name) || name.endsWith("why.txt")))
    expect(readFileSync(join(folder, name), "utf8")).toBe(mine);
});

test("an import replaces no folder unasked, and a model of TensorFlow.js in no case", async () => {
  const folder = runFolder();
  await invoke(["export", "run", "--format", "tfjs", "--out", "tfm"], { folder });
  expect((await invoke(["import", "tfm"], { folder })).stdout).toBe(`${join(folder, "tfm-imported")}\n`);
  const before = filesIn(folder);
  for (const argv of [
    ["import", "tfm"],
    ["import", "tfm", "--out", "tfm"],
    ["import", "tfm/model.json", "--out", "tfm"],
  ]) {
    const { code, stderr } = await invoke(argv, { folder });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/\[OCCUPIED\]\n$/) });
  }
  expect(filesIn(folder)).toEqual(before);
  // Nor the model of the run that the user stands in.
  renameSync(join(folder, "run", "char_lstm_model.h5"), join(folder, "model.h5"));
  const { stderr } = await invoke(["import", "../model.h5"], { folder: join(folder, "run") });
  expect(stderr).toMatch(/model is there already: .*\[OCCUPIED\]\n$/);
  const export_ = await invoke(["export", "run", "--format", "tfjs", "--out", "run/model"], { folder });
  expect(export_.stderr).toMatch(/is a checkpoint.*\[OCCUPIED\]\n$/);
});

describe("a file of ours", () => {
  test("keeps its permissions when it is replaced, and a new one has what the umask leaves", async () => {
    if (process.platform === "win32") return;
    const path = join(temporaryFolder(), "page.html");
    const page = '<meta name="generator" content="charlstm 1">';
    await writeOwnFile(path, page, marks.page);
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
    writeFileSync(path, page, { mode: 0o600 });
    const { chmodSync } = await import("node:fs");
    chmodSync(path, 0o640);
    await writeOwnFile(path, `${page}2`, marks.page);
    expect([statSync(path).mode & 0o777, readFileSync(path, "utf8")]).toEqual([0o640, `${page}2`]);
  });

  test("is not made where something came up meanwhile, nor through a pipe or a device", async (context) => {
    if (process.platform === "win32") context.skip("no such files on Windows");
    const { execFileSync } = await import("node:child_process");
    const folder = temporaryFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    for (const path of [join(folder, "pipe"), "/dev/null", folder]) {
      await expect(writeOwnFile(path, "x", marks.none)).rejects.toMatchObject({ code: "OCCUPIED" });
      await expect(appendOwnFile(path, "x")).rejects.toMatchObject({ code: "OCCUPIED" });
    }
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
    await expect(makeOwnFolder(join(folder, "pipe"))).rejects.toMatchObject({ code: "OCCUPIED" });
    expect(readdirSync(folder)).toEqual(["pipe"]);
  });

  test("of many writers of one name, one makes it", async () => {
    const folder = temporaryFolder();
    const writes = Array.from({ length: 20 }, (_, index) =>
      writeOwnFile(join(folder, "text"), `writer ${index} was here`, marks.none),
    );
    const done = (await Promise.allSettled(writes)).flatMap(({ status }, index) =>
      status === "fulfilled" ? index : [],
    );
    expect(done).toHaveLength(1);
    expect(readFileSync(join(folder, "text"), "utf8")).toBe(`writer ${done[0]} was here`);
    expect(readdirSync(folder)).toEqual(["text"]);
  });

  test("that a dead process left half written goes, a living one's and a user's stay", async () => {
    const folder = temporaryFolder();
    const of = (id: number) => `.charlstm-${id}-0123456789abcdef.unfinished`;
    const kept = [of(process.pid), ".charlstm-7.unfinished", "notes.unfinished", `a${of(2 ** 30)}`];
    for (const name of [...kept, of(2 ** 30)]) writeFileSync(join(folder, name), mine);
    symlinkSync(join(folder, "notes.unfinished"), join(folder, of(2 ** 30 - 1)));
    mkdirSync(join(folder, of(2 ** 30 - 2)));
    await removeUnfinished(folder);
    expect(readdirSync(folder).sort()).toEqual([...kept, of(2 ** 30 - 1), of(2 ** 30 - 2)].sort());
  });
});

describe("several trainings that want one folder", () => {
  test("one gets it and the others leave it whole, whoever comes first", { timeout: 180_000 }, async () => {
    for (let round = 0; round < 4; round++) {
      const folder = temporaryFolder();
      writeBook(folder, 2000);
      const programs = Array.from({ length: 4 }, () => start([...train, "--out", "a/run"], { folder }));
      const outcomes = await Promise.all(programs.map(({ outcome }) => outcome));
      expect(outcomes.filter(({ code }) => code === 0)).toHaveLength(1);
      for (const { code, stderr } of outcomes) if (code !== 0) expect(stderr).toMatch(/\[(RUN_LOCKED|RUN_EXISTS)\]\n$/);
      expect(filesIn(join(folder, "a/run"))).toEqual(expect.arrayContaining(["run.json", "model/charlstm.json"]));
    }
  });

  test("one that was stopped after it had made the folder does not take the other's run away", {
    timeout: 60_000,
  }, async (context) => {
    if (process.platform === "win32") context.skip("Windows stops no process");
    const folder = temporaryFolder();
    writeBook(folder);
    const first = start([...train, "--out", "run"], { folder });
    while (!existsSync(join(folder, "run")) && first.child.exitCode === null) await new Promise(setImmediate);
    first.child.kill("SIGSTOP");
    const second = await start([...train, "--out", "run"], { folder }).outcome;
    first.child.kill("SIGCONT");
    const { code } = await first.outcome;
    expect([code, second.code].sort()).toEqual([0, 1]);
    expect(filesIn(join(folder, "run"))).toEqual(expect.arrayContaining(["run.json", "model/charlstm.json"]));
  });
});
