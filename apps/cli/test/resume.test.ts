import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { finishedRun } from "./finished-run.js";
import { filesIn, invoke } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const runFolder = finishedRun();

/** Every file of the run with its bytes. */
function contents(folder: string): Record<string, string> {
  const run = join(folder, "run");
  return Object.fromEntries(filesIn(run).map((name) => [name, readFileSync(join(run, name)).toString("hex")]));
}

test("another text is refused by its checksum, and the run stays as it was", async () => {
  const folder = runFolder();
  const before = contents(folder);
  writeFileSync(join(folder, "other.txt"), `${readFileSync(join(folder, "book.txt"), "utf8")} And more.`);
  const { code, stderr } = await invoke(["train", "other.txt", "--resume", "run"], { folder });
  expect(code).toBe(1);
  expect(stderr).toMatch(/trained on another text: its sha256 is [0-9a-f]{64} .* \[CORPUS_CHANGED\]/);
  expect(contents(folder)).toEqual(before);
});

test.each([
  ["units", "[8]", "[9]", ["--units", "9"]],
  ["window", "16", "17", ["--window", "17"]],
  ["batch", "16", "8", ["--batch", "8"]],
  ["optimizer", '{"name":"adam"}', '{"name":"sgd"}', ["--optimizer", "sgd"]],
  ["objective", '"sequence"', '"window"', ["--objective", "window"]],
  ["heldOut", "0.1", "0.2", ["--held-out", "0.2"]],
  ["seed", "1", "2", ["--seed", "2"]],
])("another %s is refused by name with both values, and the run stays as it was", async (name, saved, given, flags) => {
  const folder = runFolder();
  const before = contents(folder);
  const { code, stderr } = await invoke(["train", "--resume", "run", "--epochs", "3", ...flags], { folder });
  expect(code).toBe(1);
  expect(stderr).toContain(`the checkpoint's ${name} is ${saved}, this run's is ${given}`);
  expect(stderr).toContain("[RESUME_MISMATCH]");
  expect(contents(folder)).toEqual(before);
});

test("epochs, rate, schedule, clipping, temperatures and sample length may change, and are recorded", async () => {
  const folder = runFolder();
  const changes = [
    ...["--epochs", "3", "--learning-rate", "0.005", "--decay", "constant", "--clip-norm", "1"],
    ...["--temperatures", "0.7", "--sample-length", "5", "--warmup-steps", "3", "--final-rate", "0.5"],
  ];
  const { code, stderr } = await invoke(["train", "--resume", "run", ...changes], { folder });
  expect(stderr).toContain("going on from checkpoint epoch-0002");
  expect(code).toBe(0);
  const sample = readFileSync(join(folder, "run", "generated_text", "epoch_03.txt"), "utf8");
  expect(sample.match(/^Temperature: .*$/gm)).toEqual(["Temperature: 0.7"]);
  const { settings } = JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8"));
  expect(settings).toMatchObject({ epochs: 3, learningRate: 0.005, decay: "constant", clipNorm: 1, sampleLength: 5 });
});

test("a run that is done says so, and what would go on", async () => {
  const folder = runFolder();
  const { code, stderr } = await invoke(["train", "--resume", "run"], { folder });
  expect(code).toBe(0);
  expect(stderr).toContain("nothing is left to do (a larger --epochs or --max-steps goes on)");
});

test("a run that was stopped by --max-steps keeps its figures when it is resumed without more to do", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const figures = () => {
    const {
      seconds: _,
      charactersPerSecond: __,
      ...rest
    } = JSON.parse(readFileSync(join(folder, "run", "metrics.jsonl"), "utf8"));
    return rest;
  };
  await invoke(["train", "book.txt", ...tinyFlags, "--max-steps", "4", "--out", "run"], { folder });
  const before = figures();
  await invoke(["train", "--resume", "run"], { folder });
  expect(figures()).toEqual(before);
});

test("a broken newest checkpoint is named and passed over for the one before it", async () => {
  const folder = runFolder();
  const weights = join(folder, "run", "checkpoints", "epoch-0002", "weights.bin");
  writeFileSync(weights, readFileSync(weights).subarray(0, 100));
  const { code, stderr } = await invoke(["train", "--resume", "run", "--epochs", "3"], { folder });
  expect(code).toBe(0);
  expect(stderr).toContain("checkpoint epoch-0002 is not whole and is passed over");
  expect(stderr).toContain("going on from checkpoint epoch-0001");
});

test("a folder without a run is refused", async () => {
  const folder = temporaryFolder();
  const { code, stderr } = await invoke(["train", "--resume", "."], { folder });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/holds no run .*\[NO_RUN\]\n$/) });
});

test.each([
  ["of another format", { formatVersion: 2 }, "formatVersion 1 (it has 2)"],
  ["without settings", { settings: null }, "settings"],
  ["whose corpus is a list", { corpus: [] }, "corpus"],
])("a record %s is refused, and the run stays as it was", async (_, change, missing) => {
  const folder = runFolder();
  const file = join(folder, "run", "run.json");
  const record = JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change });
  writeFileSync(file, record);
  const { code, stderr } = await invoke(["train", "--resume", "run", "--epochs", "3"], { folder });
  expect([code, stderr]).toEqual([1, expect.stringContaining(`is not a run's record, it lacks ${missing}: name`)]);
  expect(stderr).toContain("[NO_RUN]");
  expect(readFileSync(file, "utf8")).toBe(record);
});

test("a folder that holds a run is not trained into anew", async () => {
  const folder = runFolder();
  const before = contents(folder);
  const { code, stderr } = await invoke(["train", "book.txt", ...tinyFlags, "--out", "run"], { folder });
  expect(code).toBe(1);
  expect(stderr).toContain("[RUN_EXISTS]");
  expect(contents(folder)).toEqual(before);
});
