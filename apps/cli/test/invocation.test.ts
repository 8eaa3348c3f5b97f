import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { invoke } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const invocation = "npm run charlstm --";

test("every command that train, help and errors name begins as the program was started", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const train = ["train", "book.txt", ...tinyFlags, "--out", "run"];
  const { stderr } = await invoke(train, { folder, invocation });
  expect(stderr).toContain(`(npm run charlstm -- generate ${join(folder, "run")} writes from it)`);
  const again = await invoke(train, { folder, invocation });
  expect(again.stderr).toContain(`npm run charlstm -- train --resume ${join(folder, "run")}`);
  const { stdout } = await invoke(["--help"], { folder, invocation });
  expect(stdout).toContain("Usage: npm run charlstm -- [options] [command]");
  const slip = await invoke(["trian"], { folder, invocation });
  const printed = [stderr, again.stderr, stdout, slip.stderr].join("\n");
  // No command without the words that start it: `charlstm` is on no PATH here.
  expect(printed.match(/(?<!run )charlstm (train|generate|report|doctor|help|--)\b.*/g)).toEqual(null);
});

describe("flags that npm kept for itself", () => {
  const env = { npm_config_epochs: "2", npm_config_out: "true" };

  test("are refused by name, with what to type", async () => {
    const { code, stderr } = await invoke(["train", "book.txt"], { folder: temporaryFolder(), invocation, env });
    expect(code).toBe(2);
    expect(stderr).toContain("npm kept --epochs, --out for itself: put -- before");
  });

  test("are none where npm did not start the program, nor what npm's own configuration says", async () => {
    const options = { folder: temporaryFolder(), stdin: "too short" };
    const elsewhere = await invoke(["corpus", "-"], { ...options, env: { npm_config_window: "2" } });
    const offline = await invoke(["corpus", "-"], { ...options, invocation, env: { npm_config_offline: "true" } });
    for (const { stderr } of [elsewhere, offline]) expect(stderr).not.toContain("npm kept");
  });
});

test("a -- before the command, which pnpm hands over, is skipped", async () => {
  const { code, stdout } = await invoke(["--", "--version"], { folder: temporaryFolder() });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});
