// Code in a folder where the user happens to stand, or in one that was downloaded, is not run.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { start } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

/** A package that leaves a file behind when any of its code is run. */
function plant(folder: string, name: string): string {
  const home = join(folder, "node_modules", ...name.split("/"));
  const trace = join(folder, "code-was-run");
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), JSON.stringify({ name, version: "4.22.0", main: "evil.js" }));
  writeFileSync(join(home, "evil.js"), `require("node:fs").writeFileSync(${JSON.stringify(trace)}, "");`);
  return trace;
}

const names = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-core", "commander", "vitest"];

test("whatever lies where the user stands, above it, or in a run, no command runs it", {
  timeout: 120_000,
}, async () => {
  const top = temporaryFolder();
  const folder = join(top, "project", "below");
  mkdirSync(join(folder, "run"), { recursive: true });
  const traces = [top, join(top, "project"), folder].flatMap((place) => names.map((name) => plant(place, name)));
  writeBook(folder);
  for (const argv of [
    ["doctor"],
    ["train", "book.txt", ...tinyFlags, "--max-steps", "2", "--out", "new"],
    ["train", "book.txt", ...tinyFlags, "--max-steps", "2", "--backend", "tfjs-node"],
    ["generate", "new", "--length", "5"],
    ["evaluate", "new", "book.txt"],
    ["export", "new"],
    ["report", "new"],
  ]) {
    const { code } = await start(argv, { folder }).outcome;
    expect({ argv, code }).toEqual({ argv, code: argv.includes("tfjs-node") ? 1 : 0 });
  }
  expect(traces.filter((trace) => existsSync(trace))).toEqual([]);
});

test("a folder that the user names is looked into", async () => {
  const folder = temporaryFolder();
  const trace = plant(folder, "@tensorflow/tfjs-node");
  const { stdout } = await start(["doctor"], { folder, env: { CHARLSTM_TFJS_FOLDER: folder } }).outcome;
  expect(stdout).toContain("@tensorflow/tfjs-node 4.22.0 is installed but does not load");
  expect(existsSync(trace)).toBe(true);
});
