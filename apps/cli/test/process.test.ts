// What only a process of its own shows: exit codes, signals, closed and full outputs.
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { filesIn, invoke, program, start } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
/** A run that would last for hours. */
const endless = ["train", "book.txt", ...tinyFlags, "--epochs", "1000000", "--out", "run"];
/** What ends the process by its platform's means can't be told apart on Windows. */
const describeWithSignals = process.platform === "win32" ? describe.skip : describe;

describeWithSignals(`signals${process.platform === "win32" ? " (skipped: Windows has none)" : ""}`, () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s saves, says how to go on, and exits with 130",
    async (signal) => {
      const folder = temporaryFolder();
      writeBook(folder);
      const { child, outcome, says } = start(endless, { folder });
      await says("epoch 1/1000000  loss");
      child.kill(signal);
      const { code, stdout, stderr } = await outcome;
      const run = join(folder, "run");
      expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
      // However the program was started, which the message repeats.
      expect(stderr).toMatch(/^Saved\. Go on with: .*charlstm train --resume/m);
      expect(stderr).toContain(`--resume ${run}\n`);
      expect(stderr).toContain(`charlstm: stopped by ${signal}`);
      expect(existsSync(join(run, "run.lock"))).toBe(false);

      const epochs = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n").length;
      const resumed = await invoke(["train", "--resume", run, "--epochs", String(epochs + 1)], { folder });
      expect(resumed.code).toBe(0);
      expect(existsSync(join(run, "model", "charlstm.json"))).toBe(true);
    },
  );

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
    // As shells count it, the system's own end by a signal is 130 too.
    expect(signal === "SIGINT" || code === 130).toBe(true);
  });

  /** What a program that does nothing but compute has said when signals end it. */
  async function endedBy(argv: string[], sign: string, signals: readonly NodeJS.Signals[]): Promise<string> {
    const folder = temporaryFolder();
    writeBook(folder, 30_000);
    const { readNovel } = await import("@charlstm/novel");
    writeFileSync(join(folder, "long.txt"), readNovel().repeat(30));
    const { child, outcome, says } = start(argv, { folder });
    onTestFinished(() => void child.kill("SIGKILL"));
    if (sign) await says(sign);
    await pause(1500);
    for (const signal of signals) {
      child.kill(signal);
      await pause(600);
    }
    const { code, signal, stdout, stderr } = await outcome;
    expect(code === 130 || signals.includes(signal!)).toBe(true);
    return stdout + stderr;
  }

  const slowSteps = ["--layers", "2", "--units", "512", "--batch", "64", "--window", "500", "--held-out", "0"];
  test.each([
    ["a long text is cleaned", ["corpus", "long.txt"], "", ["SIGINT"]],
    ["a long text is cleaned", ["corpus", "long.txt"], "", ["SIGHUP"]],
    ["a wide network gets its first weights", ["train", "book.txt", "--units", "2500"], "first weights", ["SIGTERM"]],
    [...["a step takes long", ["train", "book.txt", ...slowSteps]], ...["steps an epoch", ["SIGINT", "SIGINT"]]],
  ] as [string, string[], string, NodeJS.Signals[]][])(
    "while %s, signals are obeyed: %j",
    { timeout: 120_000 },
    async (...given) => {
      const [, argv, sign, signals] = given;
      // The work was not done when the end came: neither its figures nor a saved run are told of.
      expect(await endedBy(argv, sign, signals)).not.toMatch(/^characters|^Saved\.|step 1\b/m);
    },
  );
});

test.skipIf(process.platform === "win32")(
  "a fetched book whose length nobody stated is cleaned with an ear for Ctrl-C",
  { timeout: 120_000 },
  async () => {
    const { readNovel } = await import("@charlstm/novel");
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/plain" }).end(readNovel().repeat(30));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const folder = temporaryFolder();
    const book = `http://127.0.0.1:${(server.address() as AddressInfo).port}/book.txt`;
    const { child, outcome } = start(["corpus", book, "--unwrap"], {
      folder,
      env: { HOME: folder, XDG_CACHE_HOME: folder },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    // What is kept in the cache is whole: now it is cleaned.
    while (!filesIn(folder).some((name) => name.endsWith(".json"))) await pause(20);
    await pause(200);
    child.kill("SIGINT");
    const { signal, stdout } = await outcome;
    expect({ signal, stdout }).toEqual({ signal: "SIGINT", stdout: "" });
  },
);

/** A place where nobody answers who asks for a name: the system's list of name servers is another one there. */
const inMounts = ["unshare", ["--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"']] as const;
const hasMounts = spawnSync(inMounts[0], [...inMounts[1], "/dev/null", "true"]).status === 0;

test(`a name that is looked up keeps nobody who presses Ctrl-C${hasMounts ? "" : " (skipped: no mounts of one's own here)"}`, {
  timeout: 60_000,
  skip: !hasMounts,
}, async () => {
  const folder = temporaryFolder();
  const server = createSocket("udp4").bind(53, "127.0.0.153");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  writeFileSync(join(folder, "resolv.conf"), "nameserver 127.0.0.153\n");
  const argv = [join(folder, "resolv.conf"), process.execPath, program, "corpus", "http://books.example/lamp.txt"];
  const env = { ...process.env, HTTP_PROXY: "", http_proxy: "" };
  const child = spawn(inMounts[0], [...inMounts[1], ...argv], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await once(server, "message");
  onTestFinished(() => void child.kill("SIGKILL"));
  child.kill("SIGINT");
  // By the signal itself: a program that exits waits until the name is given up.
  expect(await once(child, "close")).toEqual([null, "SIGINT"]);
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
  expect(stderr).toMatch(/^Saved\. Go on with: .*charlstm train --resume/m);
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
