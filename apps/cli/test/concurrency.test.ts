import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, onTestFinished, test } from "vitest";
import { lockRun } from "../src/run-lock.js";
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
  await says("epoch 1/1000000  loss");
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

test("a lock of another machine holds, and says which file to remove", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "run.lock"), JSON.stringify({ ...aliveHere, host: "elsewhere" }));
  await expect(lockRun(folder)).rejects.toMatchObject({
    code: "RUN_LOCKED",
    message: expect.stringContaining(`on elsewhere has been training into this folder`),
  });
});
