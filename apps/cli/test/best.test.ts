import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiskStore } from "@charlstm/model/checkpoint";
import { temporaryFolder } from "@charlstm/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command } from "./invoke.js";
import { writeBook } from "./texts.js";

const flags = [
  ...["--units", "64", "--window", "16", "--batch", "4", "--epochs", "12", "--warmup-steps", "5"],
  ...["--decay", "constant", "--learning-rate", "0.03", "--dropout", "0", "--held-out", "0.2"],
  ...["--temperatures", "0.5", "--sample-length", "5", "--threads", "1"],
  ...["--patience", "0"],
];
let original = "";
let said = "";
beforeAll(async () => {
  original = realpathSync(mkdtempSync(join(tmpdir(), "charlstm-")));
  writeBook(original, 3000);
  const { code, stderr } = await command(original, "train", "book.txt", ...flags, "--keep", "12", "--out", "run");
  if (code !== 0) throw new Error(stderr);
  said = stderr;
});
afterAll(() => rmSync(original, { recursive: true, force: true }));

/** A copy of a run that has learnt its text by heart, and its best epoch. */
function overfitted() {
  const folder = temporaryFolder();
  cpSync(original, folder, { recursive: true });
  const lines = readFileSync(join(folder, "run", "metrics.jsonl"), "utf8")
    .trim()
    .split("\n");
  const epochs = lines.map((line) => JSON.parse(line) as { epoch: number; heldOutLoss: number });
  const best = epochs.reduce((lowest, epoch) => (epoch.heldOutLoss < lowest.heldOutLoss ? epoch : lowest));
  return { folder, best, last: epochs.at(-1)! };
}

const epochOf = async (folder: string, name: string) => (await createDiskStore(folder).load(name)).progress;

test("model/ is the best epoch's, and training says which, why, and what helps", async () => {
  const { folder, best, last } = overfitted();
  expect(best.epoch).toBeLessThan(last.epoch);
  expect(await epochOf(join(folder, "run"), "model")).toMatchObject({ epoch: best.epoch });
  expect(said).toContain(
    `model: epoch ${best.epoch}, the best, held out ${best.heldOutLoss.toFixed(4)} nats (the last: epoch 12, held out ${last.heldOutLoss.toFixed(4)} nats; --use last takes it)`,
  );
  expect(said.match(/learnt by heart/g)).toHaveLength(1);
  expect(said).toMatch(/--dropout.*--units.*--patience/);
  expect(said).toMatch(new RegExp(`^ +${best.epoch} .* best$`, "m"));
});

test("generate, export and evaluate take the best epoch and say so, or the last with --use last", async () => {
  const { folder, best } = overfitted();
  for (const line of [
    ["generate", "run", "--length", "3"],
    ["export", "run", "--out", "model.h5"],
    ["evaluate", "run", "book.txt", "--sample-length", "0"],
  ]) {
    expect((await command(folder, ...line)).stderr).toContain(`model: epoch ${best.epoch}, the best`);
    expect((await command(folder, ...line, "--use", "last")).stderr).toContain("model: epoch 12, the last");
  }
  const write = async (...model: string[]) =>
    (await command(folder, "generate", ...model, "--length", "50", "--seed", "1")).stdout;
  const name = (epoch: number) => `run/checkpoints/epoch-${String(epoch).padStart(4, "0")}`;
  expect(await write("run")).toBe(await write(name(best.epoch)));
  expect(await write("run", "--use", "last")).toBe(await write(name(12)));
});

test("of a run that was stopped midway the best checkpoint is read, not an older model/", async () => {
  const { folder, best } = overfitted();
  const run = join(folder, "run");
  rmSync(join(run, "model"), { recursive: true });
  expect((await command(folder, "generate", "run", "--length", "3")).stderr).toContain(`model: epoch ${best.epoch}`);
  cpSync(join(run, "checkpoints", "epoch-0001"), join(run, "model"), { recursive: true });
  expect((await command(folder, "generate", "run", "--length", "3")).stderr).toContain(`model: epoch ${best.epoch}`);
});

test("without the best checkpoint the model that the run ended with stands in", async () => {
  const { folder, best } = overfitted();
  rmSync(join(folder, "run", "checkpoints", `epoch-${String(best.epoch).padStart(4, "0")}`), { recursive: true });
  expect((await command(folder, "generate", "run", "--length", "3")).stderr).toContain(`model: epoch ${best.epoch}`);
});

test("a resume goes on from the last epoch, and keeps what the run was told to keep", async () => {
  const folder = temporaryFolder();
  writeBook(folder, 3000);
  const saving = ["--keep", "1", "--checkpoint-minutes", "7", "--tensorboard", "--use", "last", "--patience", "40"];
  await command(folder, "train", "book.txt", ...flags, "--epochs", "2", ...saving, "--out", "run");
  const record = () => JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8"));
  const kept = { keep: 1, checkpointMinutes: 7, tensorboard: true, use: "last" };
  expect(record()).toMatchObject({ saving: kept, settings: { patience: 40 } });
  const { code, stderr } = await command(folder, "train", "--resume", "run", "--epochs", "12");
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("checkpoint epoch-0002") });
  expect(record()).toMatchObject({ saving: kept, settings: { patience: 40, epochs: 12 } });
  expect(await epochOf(join(folder, "run"), "model")).toMatchObject({ epoch: 12 });
  expect(readdirSync(join(folder, "run", "tensorboard")).length).toBe(2);
  expect(readdirSync(join(folder, "run", "checkpoints")).length).toBeLessThanOrEqual(2);
});

test.each([
  ["--out", "other"],
  ["--preset", "quick"],
  ["--recipe", "notebook"],
])("%s with --resume is refused by name, and nothing is trained", async (flag, value) => {
  const { folder } = overfitted();
  const { code, stderr } = await command(folder, "train", "--resume", "run", "--epochs", "20", flag, value);
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`${flag}.* does not go with --resume: .*\\[BAD_USAGE\\]`));
  expect(existsSync(join(folder, "other"))).toBe(false);
});

test("text that was held out but is too short to measure on is told as such", async () => {
  const folder = temporaryFolder();
  writeBook(folder, 900);
  const few = ["--epochs", "1", "--units", "8", "--window", "32", "--held-out", "0.03", "--out", "run"];
  const { stderr } = await command(folder, "train", "book.txt", ...flags, ...few);
  expect(stderr).toMatch(
    /the \d+ characters held out \(3 %\) are not longer than a window of 32, too few to measure on/,
  );
  expect(stderr).not.toContain("nothing was held out");
});

test("a run ends four epochs after its best one, and resumed goes on with more patience only", async () => {
  const folder = temporaryFolder();
  writeBook(folder, 3000);
  const read = () =>
    readFileSync(join(folder, "run", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n");
  const first = await command(folder, "train", "book.txt", ...flags.slice(0, -2), "--out", "run");
  expect(first.stderr).toContain(
    "no new lowest loss for the epochs of --patience: stopped (--patience 0 goes on to the end)",
  );
  const losses = read().map((line) => (JSON.parse(line) as { heldOutLoss: number }).heldOutLoss);
  expect(losses.length).toBeLessThan(12);
  expect(losses.indexOf(Math.min(...losses))).toBe(losses.length - 5);
  const again = await command(folder, "train", "--resume", "run");
  expect([again.code, read().length]).toEqual([0, losses.length]);
  const on = await command(folder, "train", "--resume", "run", "--patience", "0");
  expect([on.code, read().length]).toEqual([0, 12]);
});
