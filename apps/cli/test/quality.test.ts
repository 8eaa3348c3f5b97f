import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../src/program.js";

const { signal } = new AbortController();
const sentence = "the cat sat on the mat and the dog sat on the log, and then they all went home. ";

/** Runs `charlstm bench quality` on files with these texts. */
async function quality(texts: readonly string[], ...flags: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "charlstm-quality-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names = texts.map((_, index) => `text-${index}.txt`);
  await Promise.all(texts.map((text, index) => writeFile(join(folder, names[index]!), text)));
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].on("data", (chunk: Buffer) => {
      written[name] += chunk.toString();
    });
  }
  const io = { ...streams, stdin: new PassThrough(), env: process.env, invocation: "charlstm", folder, signal };
  return { code: await run(["bench", "quality", ...names, "--threads", "1", ...flags], io), ...written };
}

const limits = ["--runs", "notebook,quick", "--epochs", "notebook=1,quick=2"];

test("recipes are compared on each text by epoch, at the end on the same windows, and beside simpler models", async () => {
  const { code, stdout } = await quality(
    [sentence.repeat(40), sentence.toUpperCase().repeat(30)],
    ...[...limits, "--held-out", "0.1,0.2", "--json"],
  );
  expect(code).toBe(0);
  const [environment, ...rows] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(environment).toMatchObject({ environment: { node: process.versions.node, cores: expect.any(Number) } });
  expect(rows.map(({ book, run, epoch }) => [book, run ?? "beside", epoch ?? 0].join(" "))).toEqual(
    ["text-0.txt", "text-1.txt"].flatMap((book) => [
      `${book} notebook 1`,
      `${book} quick 1`,
      `${book} quick 2`,
      `${book} beside 0`,
    ]),
  );
  const [notebook, first, second, beside] = rows;
  expect(notebook).toMatchObject({ heldOutShare: 0.1, windows: { loss: expect.any(Number) } });
  // The notebook's recipe is scored on the very windows of the last comparison all along.
  expect(notebook.windows.loss).toBeCloseTo(notebook.heldOutLoss, 5);
  expect(first.windows).toBeUndefined();
  expect(second.characters).toBe(2 * first.characters);
  expect(second.heldOutLoss).toBeLessThan(first.heldOutLoss);
  expect(second.windows.loss).not.toBe(second.heldOutLoss);
  expect(beside.baselines.map(({ name }: { name: string }) => name)).toEqual([expect.stringMatching(/Markov/), "gzip"]);
  expect(rows.at(-2)).toMatchObject({ heldOutShare: 0.2 });
}, 120_000);

test("the table names the split, and the losses in nats and in bits", async () => {
  const text = sentence.repeat(40);
  const { code, stdout } = await quality([text], ...limits, "--held-out", "0.1");
  expect(code).toBe(0);
  const facts = /: (\d+) characters, (\d+) distinct, recipe gutenberg; the last 10 % held out: (\d+) characters$/m;
  const [, characters, distinct, heldOut] = facts.exec(stdout)!;
  expect(Number(distinct)).toBe(new Set(text).size);
  expect(Math.abs(Number(characters) - text.length)).toBeLessThan(2);
  expect(Number(heldOut)).toBe(Math.floor(Number(characters) / 10));
  const [, nats, bits] = /^quick +([\d.]+) nats +([\d.]+) bits +accuracy [\d.]+ % +epoch 2/m.exec(stdout)!;
  expect(Number(bits)).toBeCloseTo(Number(nats) / Math.LN2, 3);
  expect(stdout).toMatch(/^gzip +[\d.]+ nats +[\d.]+ bits$/m);
}, 120_000);

test("a run whose time is up ends after its epoch, and says so", async () => {
  const { stdout, stderr } = await quality(
    [sentence.repeat(40)],
    ...["--runs", "quick", "--epochs", "quick=9", "--minutes", "0.00001", "--json"],
  );
  expect(stdout.match(/"run":"quick"/g)).toHaveLength(1);
  expect(stderr).toContain("quick: 0.00001 minutes are over");
}, 120_000);

test.each([
  ["--runs", "slow"],
  ["--epochs", "slow=1"],
  ["--epochs", "quick=0"],
  ["--epochs", "quick"],
])("%s %s is wrong usage", async (...flags) => {
  expect((await quality([sentence], ...flags)).code).toBe(2);
});
