// What only a process of its own shows: exit codes, signals, closed and full outputs.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { invoke, start } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
/** A run that would last for hours. */
const endless = ["train", "book.txt", ...tinyFlags, "--epochs", "1000000", "--out", "run"];
/** What ends the process by its platform's means can't be told apart on Windows. */
const describeWithSignals = process.platform === "win32" ? describe.skip : describe;

describeWithSignals(`signals${process.platform === "win32" ? " (skipped: Windows has none)" : ""}`, () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s saves, says how to go on, and exits with 130", async (signal) => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { child, outcome, says } = start(endless, { folder });
    await says("epoch 1/1000000  loss");
    child.kill(signal);
    const { code, stdout, stderr } = await outcome;
    const run = join(folder, "run");
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toContain(`Saved. Go on with: charlstm train --resume ${run}\n`);
    expect(stderr).toContain(`charlstm: stopped by ${signal}`);
    expect(existsSync(join(run, "run.lock"))).toBe(false);

    const epochs = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n").length;
    const resumed = await invoke(["train", "--resume", run, "--epochs", String(epochs + 1)], { folder });
    expect(resumed.code).toBe(0);
    expect(existsSync(join(run, "model", "charlstm.json"))).toBe(true);
  });

  test("a second Ctrl-C while a step takes seconds ends the process with 130", async () => {
    const folder = temporaryFolder();
    writeBook(folder, 200_000);
    const slow = ["--units", "256", "--window", "1000", "--batch", "64", "--threads", "2", "--held-out", "0"];
    const { child, outcome, says } = start(["train", "book.txt", "--out", "run", ...slow], { folder });
    await says("steps an epoch");
    child.kill("SIGINT");
    const second = setTimeout(() => child.kill("SIGINT"), 600);
    // Once it has saved it ends by itself, and Node, while it is taken down, no longer asks the program about signals.
    says("Saved.").then(
      () => clearTimeout(second),
      () => {},
    );
    const { code, signal } = await outcome;
    clearTimeout(second);
    expect({ code, signal }).toEqual({ code: 130, signal: null });
  });
});

test("the program exits with 2 on wrong usage, and writes nothing to stdout", async () => {
  const { code, stdout, stderr } = await start(["train", "--nothing"], { folder: temporaryFolder() }).outcome;
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("charlstm: unknown option '--nothing'");
});

test("a stdout that closes stops a run, which is saved", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const { child, outcome } = start([...endless, "--json"], { folder });
  child.stdout!.once("data", () => child.stdout!.destroy());
  const { code, stderr } = await outcome;
  expect(code).toBe(1);
  expect(stderr).toContain("Saved. Go on with: charlstm train --resume");
  expect(stderr).toMatch(/charlstm: stdout was closed before everything was written to it\n$/);
});

test.runIf(existsSync("/dev/full"))("a full stdout is one paragraph and exit code 1", () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const line = `"${process.execPath}" "${bin}" corpus book.txt > /dev/full`;
  const { status, stderr } = spawnSync("sh", ["-c", line], { cwd: folder, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/charlstm: the disk is full.*\[ENOSPC\]\n$/);
  expect(stderr).not.toContain("    at ");
});
