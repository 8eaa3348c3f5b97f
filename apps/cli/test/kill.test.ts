import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNovel } from "@charlstm/novel";
import { createRandom } from "@charlstm/sampling";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";

const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));

/** `CHARLSTM_KILLS=200` for the figures in docs/reliability.md. */
const kills = Number(process.env.CHARLSTM_KILLS ?? 5);
const killsOfOneRun = 50;

/** A run of about 700 updates with a checkpoint every few of them; of 2,000 where it is killed more often. */
const epochs = kills > 5 ? "60" : "20";
const settings = [
  ...["--units", "12", "--window", "16", "--batch", "8", "--dropout", "0.1", "--epochs", epochs, "--held-out", "0.1"],
  ...["--sample-length", "20", "--threads", "2", "--checkpoint-minutes", "0.0003"],
];

/** Starts a run or goes on with it; kills it after a while unless `lifetime` is infinite. Resolves to whether it ended by itself. */
function live(folder: string, book: string, lifetime: number): Promise<boolean> {
  const isBegun = existsSync(join(folder, "run.json"));
  const argv = isBegun ? ["--resume", folder] : ["--out", folder, ...settings];
  const child = spawn(process.execPath, [bin, "train", book, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const timer = Number.isFinite(lifetime) ? setTimeout(() => child.kill("SIGKILL"), lifetime) : undefined;
  return new Promise((resolve, reject) => {
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(true);
      else if (signal === "SIGKILL") resolve(false);
      else reject(new Error(`train ended with ${code ?? signal}: ${said}`));
    });
  });
}

/** What two runs must share: final weights and slots, samples, and the figures that are not the clock's. */
function results(folder: string) {
  const samples = readdirSync(join(folder, "generated_text")).sort();
  const metrics = readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n");
  return {
    weights: readFileSync(join(folder, "model", "weights.bin")).toString("hex"),
    optimizer: readFileSync(join(folder, "model", "optimizer.bin")).toString("hex"),
    samples: samples.map((name) => readFileSync(join(folder, "generated_text", name), "utf8")),
    metrics: metrics.map((line) => {
      const { seconds: _, charactersPerSecond: __, ...figures } = JSON.parse(line) as Record<string, number>;
      return figures;
    }),
  };
}

test(`a run killed at ${kills} random moments and resumed equals the run that was never killed`, {
  timeout: 600_000 + 10_000 * kills,
}, async () => {
  const folder = temporaryFolder();
  const book = join(folder, "book.txt");
  writeFileSync(book, readNovel().slice(0, 5000));
  const whole = join(folder, "whole");
  expect(await live(whole, book, Number.POSITIVE_INFINITY)).toBe(true);

  const killed = join(folder, "killed");
  const random = createRandom(20);
  let runs = 0;
  for (let count = 0; count < kills; runs++) {
    const most = Math.min(kills, count + killsOfOneRun);
    // Short lives hit the start and the first writes, long ones the updates, samples and checkpoints.
    while (count < most && !(await live(killed, book, 30 + 900 * random()))) count++;
    await live(killed, book, Number.POSITIVE_INFINITY);
    expect(results(killed)).toEqual(results(whole));
    rmSync(killed, { recursive: true });
  }
  process.stdout.write(`${kills} kills over ${runs} runs, each resumed to the bits of the run that was never killed\n`);
});
