import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { afterAll, beforeAll } from "vitest";
import { invoke } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

/**
 * Trains once for all tests of a file; each call of what it returns gives a folder with `book.txt` and a copy of its finished run
 * of two epochs, `run`.
 */
export function finishedRun(): () => string {
  let original = "";
  beforeAll(async () => {
    original = realpathSync(mkdtempSync(join(tmpdir(), "charlstm-")));
    writeBook(original);
    const { code, stderr } = await invoke(["train", "book.txt", ...tinyFlags, "--out", "run"], { folder: original });
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => rmSync(original, { recursive: true, force: true }));
  return () => {
    const folder = temporaryFolder();
    cpSync(original, folder, { recursive: true });
    return folder;
  };
}
