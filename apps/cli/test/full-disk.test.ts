import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { expect, type TestContext, test } from "vitest";
import { filesIn, invoke } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));

/** Trains into a file system of `size` and copies to `kept` what is on it when the program ends. */
function trainOnSmallDisk(context: TestContext, folder: string, size: string, flags: readonly string[]) {
  // Alone in its name space, the mount goes when the shell ends.
  const shell = (script: string) =>
    spawnSync(
      "unshare",
      ["-rm", "sh", "-c", `mkdir -p disk && mount -t tmpfs -o size=${size} charlstm disk ${script}`],
      {
        ...{ cwd: folder, encoding: "utf8" },
      } as const,
    );
  if (shell("").status !== 0) context.skip("no file system may be mounted here");
  const command = [process.execPath, bin, "train", "book.txt", ...flags, "--out", "disk/run"];
  return shell(`&& { ${command.map((word) => `'${word}'`).join(" ")}; code=$?; cp -r disk kept; exit $code; }`);
}

test("a disk that is full from the start is one paragraph, and nothing is left on it", (context) => {
  const folder = temporaryFolder();
  writeBook(folder);
  const { status, stderr } = trainOnSmallDisk(context, folder, "4k", tinyFlags);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^charlstm: the disk is full.* \[ENOSPC\]$/m);
  expect(stderr).not.toContain("Saved");
  expect(filesIn(join(folder, "kept"))).toEqual([]);
});

test("a disk that fills up ends the run in one paragraph; the last whole checkpoint is there to go on from", async (context) => {
  const folder = temporaryFolder();
  writeBook(folder);
  const endless = [...tinyFlags, "--epochs", "100000", "--keep", "100000"];
  const { status, stdout, stderr } = trainOnSmallDisk(context, folder, "1m", endless);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^charlstm: the disk is full.*go on with --resume.* \[ENOSPC\]$/);
  const run = join(folder, "kept", "run");
  expect(existsSync(join(run, "run.lock"))).toBe(false);
  expect(filesIn(run).filter((name) => /\.\d{3,}$|\.partial\//.test(name))).toEqual([]);

  const samples = filesIn(run).filter((name) => name.startsWith("generated_text/"));
  for (const name of samples)
    expect(readFileSync(join(run, name), "utf8")).toMatch(/^Epoch: \d+\n.*Temperature: 1\.2\n/s);
  const epochs = String(samples.length + 1);
  const resumed = await invoke(["train", "--resume", "kept/run", "--epochs", epochs], { folder });
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).not.toContain("passed over");
});
