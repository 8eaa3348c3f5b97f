import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { lockRun } from "../src/run/lock.js";
import { filesIn, invoke, start } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

/** A run that would last for hours, with an epoch and a checkpoint every few moments. */
const endless = ["train", "book.txt", ...tinyFlags, "--epochs", "1000000", "--keep", "2", "--out", "run"];

test("a folder that is being trained into is refused to others; models are read from it meanwhile", {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const { child, outcome, says } = start(endless, { folder });
  onTestFinished(() => void child.kill("SIGKILL"));
  await says("epoch 2/1000000  loss"); // an epoch is told of before it is saved
  for (const argv of [endless, ["train", "--resume", "run"]]) {
    const { code, stderr } = await invoke(argv, { folder });
    expect(code).toBe(1);
    expect(stderr).toContain(`process ${child.pid} has been training into this folder since`);
    expect(stderr).toContain("[RUN_LOCKED]");
  }
  // The writer replaces checkpoints all the while: each read finds a whole one.
  for (let read = 0; read < 20; read++) {
    const { code, stdout, stderr } = await invoke(["generate", "run", "--length", "20"], { folder });
    expect({ code, stderr, length: [...stdout].length }).toEqual({ code: 0, stderr: "", length: 16 + 20 + 1 });
  }
  child.kill("SIGKILL");
  await outcome;
  expect(existsSync(join(folder, "run", "run.lock"))).toBe(true);
  // What the crash left locks nobody out, from the first moment on.
  const resumed = await invoke(["train", "--resume", "run", "--max-steps", "1"], { folder });
  expect(resumed.code).toBe(0);
  expect(filesIn(join(folder, "run")).filter((name) => name.startsWith("run.lock"))).toEqual([]);
});

test("of many that want a folder at once, one gets it", async () => {
  const folder = temporaryFolder();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "RUN_LOCKED" });
});

const aliveHere = { process: process.pid, host: hostname(), since: "2026-01-01T00:00:00.000Z" };

const leftBehind: [string, string | object][] = [
  ["a process that is no more", { ...aliveHere, process: 2 ** 30 }],
  ["half a lock", '{"process": 1'],
  ["nothing", ""],
];
if (process.platform === "linux") leftBehind.push(["another process of that id", { ...aliveHere, begun: "1" }]);

test.each(leftBehind)("a lock of %s is taken over, and released", async (_, left) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "run.lock"), typeof left === "string" ? left : JSON.stringify(left));
  const { release } = await lockRun(folder);
  expect(JSON.parse(readFileSync(join(folder, "run.lock"), "utf8")).process).toBe(process.pid);
  await release();
  await release();
  expect(filesIn(folder)).toEqual([]);
});

/** As a container on this machine would be named: the same host, other process ids. */
const aliveElsewhere = { ...aliveHere, boot: "another start", processes: "pid:[1]", beat: 10 };

test.each([
  ["another machine", { ...aliveElsewhere, host: "elsewhere" }],
  ["another container of the same host name", aliveElsewhere],
])("a lock of %s holds while it shows life, and counts for nothing after five minutes without", async (_, holder) => {
  const folder = temporaryFolder();
  const path = join(folder, "run.lock");
  writeFileSync(path, JSON.stringify(holder));
  const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds);
  utimesSync(path, ago(250), ago(250));
  await expect(lockRun(folder)).rejects.toMatchObject({
    code: "RUN_LOCKED",
    message: expect.stringMatching(/whose last sign of life came 2\d\d s ago.*nothing after 300 s without one/),
  });
  expect(filesIn(folder)).toEqual(["run.lock"]);
  utimesSync(path, ago(301), ago(301));
  const { release } = await lockRun(folder);
  await release();
  expect(filesIn(folder)).toEqual([]);
});

test("a held lock shows life by its time", async () => {
  const folder = temporaryFolder();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const { release } = await lockRun(folder);
    const path = join(folder, "run.lock");
    utimesSync(path, new Date(0), new Date(0));
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(() => expect(statSync(path).mtimeMs).toBeGreaterThan(Date.now() - 60_000));
    await release();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("a lock that another took meanwhile is known, and neither kept alive nor removed", async () => {
  const folder = temporaryFolder();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const { check, release } = await lockRun(folder);
    await check();
    const path = join(folder, "run.lock");
    const others = JSON.stringify({ ...aliveElsewhere, host: "elsewhere" });
    writeFileSync(path, others);
    utimesSync(path, 1, 1);
    await expect(check()).rejects.toMatchObject({ code: "RUN_TAKEN" });
    await vi.advanceTimersByTimeAsync(30_000);
    await release();
    expect([readFileSync(path, "utf8"), statSync(path).mtimeMs]).toEqual([others, 1000]);
    rmSync(path); // the other has ended
    await expect(check()).rejects.toMatchObject({ code: "RUN_TAKEN" });
  } finally {
    vi.useRealTimers();
  }
});

test.skipIf(process.platform === "win32")(
  "a trainer that stood still while another took its run over stops, and writes nothing",
  { timeout: 120_000 },
  async () => {
    const folder = temporaryFolder();
    writeBook(folder, 40_000);
    const long = ["train", "book.txt", "--units", "64", "--batch", "1", "--stride", "1", "--objective", "window"];
    const { child, outcome, says } = start([...long, "--out", "run"], { folder });
    onTestFinished(() => void child.kill("SIGKILL"));
    await says("steps an epoch");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.kill("SIGSTOP");
    const run = join(folder, "run");
    const others = JSON.stringify({ ...aliveElsewhere, host: "elsewhere" });
    writeFileSync(join(run, "run.lock"), others);
    const before = filesIn(run);
    child.kill("SIGCONT");
    child.kill("SIGINT"); // which would save
    const { code, stderr } = await outcome;
    expect(code).toBe(1);
    expect(stderr).toContain("[RUN_TAKEN]");
    expect(stderr).not.toContain("Saved.");
    expect(filesIn(run)).toEqual(before);
    expect(readFileSync(join(run, "run.lock"), "utf8")).toBe(others);
  },
);

test.each([{ process: 0 }, { process: -1 }, { process: "1" }, { since: {} }, { since: undefined }, { host: 5 }])(
  "a lock that no version writes is no lock of ours: %j",
  async (other) => {
    const folder = temporaryFolder();
    const content = JSON.stringify({ ...aliveHere, ...other });
    writeFileSync(join(folder, "run.lock"), content);
    await expect(lockRun(folder)).rejects.toMatchObject({ code: "OCCUPIED" });
    expect(readFileSync(join(folder, "run.lock"), "utf8")).toBe(content);
  },
);

test("a file of that name that is no lock of ours is left alone", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "run.lock"), "lockfileVersion: 9\n");
  await expect(lockRun(folder)).rejects.toMatchObject({ code: "OCCUPIED" });
  expect(readFileSync(join(folder, "run.lock"), "utf8")).toBe("lockfileVersion: 9\n");
});

const inNameSpace = ["unshare", ["--pid", "--fork", "--kill-child", "--mount-proc"]] as const;
const hasNameSpaces = spawnSync(inNameSpace[0], [...inNameSpace[1], "true"]).status === 0;

test(`of two containers with one host name, one trains${hasNameSpaces ? "" : " (skipped: no name spaces of process ids here)"}`, {
  timeout: 120_000,
  skip: !hasNameSpaces,
}, async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
  const first = spawn(inNameSpace[0], [...inNameSpace[1], process.execPath, bin, ...endless], { cwd: folder });
  onTestFinished(() => void first.kill("SIGKILL"));
  await new Promise<void>((resolve) => {
    first.stderr.on("data", (chunk) => String(chunk).includes("epoch 1/1000000  loss") && resolve());
  });
  const resume = [process.execPath, bin, "train", "--resume", "run", "--max-steps", "1"];
  const second = spawnSync(inNameSpace[0], [...inNameSpace[1], ...resume], { cwd: folder, encoding: "utf8" });
  expect(second.stderr).toMatch(/another machine or container, whose last sign of life came \d+ s ago.*\[RUN_LOCKED\]/);
  const third = spawnSync(resume[0]!, resume.slice(1), { cwd: folder, encoding: "utf8" });
  expect(third.stderr).toContain("[RUN_LOCKED]");
  first.kill("SIGKILL"); // and with it all of its name space
  await new Promise((resolve) => first.once("close", resolve));
  const longAgo = new Date(Date.now() - 3600_000);
  utimesSync(join(folder, "run", "run.lock"), longAgo, longAgo);
  const fourth = spawnSync(inNameSpace[0], [...inNameSpace[1], ...resume], { cwd: folder, encoding: "utf8" });
  expect(fourth.status).toBe(0);
});

test("a lock of an older version on another machine holds, and says which file to remove", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "run.lock"), JSON.stringify({ ...aliveHere, host: "elsewhere" }));
  await expect(lockRun(folder)).rejects.toMatchObject({
    code: "RUN_LOCKED",
    message: expect.stringContaining(`on elsewhere has been training into this folder`),
  });
});
