import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createDiskStore } from "@charlstm/model/checkpoint";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { filesIn, invoke } from "./invoke.js";
import { tinyFlags, writeBook, writeNotebookBook } from "./texts.js";

const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const jsonLines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const checkpointFiles = ["charlstm.json", "model.json", "optimizer.bin", "weights.bin"];

test("a run leaves its record, metrics, samples, checkpoints, model, Keras file and plot", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const { code, stdout, stderr } = await invoke(["train", "book.txt", ...tinyFlags, "--out", "runs/first"], { folder });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toContain(`run: ${join(folder, "runs", "first")}`);
  expect(stderr).not.toContain("┤"); // no plot in characters where there is no terminal
  const run = join(folder, "runs", "first");
  expect(filesIn(run)).toEqual(
    expect.arrayContaining([
      ...["epoch-0001", "epoch-0002"].flatMap((name) => checkpointFiles.map((file) => `checkpoints/${name}/${file}`)),
      ...checkpointFiles.map((file) => `model/${file}`),
      ...["char_lstm_model.h5", "char_lstm_model.h5.vocabulary.json", "generated_text/epoch_01.txt"],
      ...["generated_text/epoch_02.txt", "loss.svg", "metrics.jsonl", "run.json"],
    ]),
  );
  expect(existsSync(join(run, "run.lock"))).toBe(false);
  expect(json(join(run, "run.json"))).toMatchObject({
    book: join(folder, "book.txt"),
    settings: { units: [8], window: 16, batch: 16, epochs: 2 },
    corpus: { recipe: "gutenberg", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    backend: { name: "engine", threads: 1 },
    versions: { node: process.versions.node },
  });
  const metrics = jsonLines(readFileSync(join(run, "metrics.jsonl"), "utf8"));
  expect(metrics.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(Object.keys(metrics[0])).toEqual(
    expect.arrayContaining(["step", "loss", "heldOutLoss", "learningRate", "seconds", "charactersPerSecond"]),
  );
  expect(metrics[1].loss).toBeLessThan(metrics[0].loss);
});

test("the loss is drawn as an SVG with an axis and a line for training and held-out text", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  await invoke(["train", "book.txt", ...tinyFlags, "--out", "run"], { folder });
  const svg = readFileSync(join(folder, "run", "loss.svg"), "utf8");
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  for (const text of ["training loss", "held-out loss", "epoch", "nats per character"]) expect(svg).toContain(text);
  expect(svg.trimEnd().endsWith("</svg>")).toBe(true);
});

test("--preset notebook trains on every window and writes its samples as the notebook lays them out", async () => {
  const folder = temporaryFolder();
  writeNotebookBook(folder);
  const flags = ["--preset", "notebook", "--epochs", "1", "--units", "8", "--threads", "1", "--out", "run"];
  const { code, stderr } = await invoke(["train", "notebook.txt", ...flags], { folder });
  expect(code).toBe(0);
  const corpus = await invoke(["corpus", "notebook.txt", "--recipe", "notebook", "--out", "clean.txt", "--json"], {
    folder,
  });
  const { characters, vocabulary, windows } = JSON.parse(corpus.stdout);
  expect(stderr).toContain(
    `${characters} characters, ${vocabulary} distinct, ${windows} windows of 60 (recipe notebook)`,
  );
  expect(stderr).toContain(`${Math.ceil(windows / 128)} steps an epoch`);
  expect(stderr).toContain("nothing was held out");

  const sample = readFileSync(join(folder, "run", "generated_text", "epoch_01.txt"), "utf8");
  // The cleaned text has no line breaks, so each text is one line.
  const lines = sample.split("\n");
  const prompt = lines[2]!;
  expect(prompt).toHaveLength(60);
  expect(readFileSync(join(folder, "clean.txt"), "utf8")).toContain(prompt);
  const texts = [5, 8, 11, 14].map((line) => lines[line]!);
  for (const text of texts) {
    expect(text).toHaveLength(460);
    expect(text.startsWith(prompt)).toBe(true);
  }
  const dashes = "-".repeat(50);
  const blocks = ["0.2", "0.5", "1.0", "1.2"].map((t, index) => `${dashes}\nTemperature: ${t}\n${texts[index]}\n`);
  expect(sample).toBe(`Epoch: 1\nGenerating with seed:\n${prompt}\n${blocks.join("")}`);
});

test("--json prints the events as lines on stdout, and progress stays on stderr", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const { stdout, stderr } = await invoke(["train", "book.txt", ...tinyFlags, "--out", "run", "--json"], { folder });
  const events = jsonLines(stdout);
  expect(events[0]).toMatchObject({ type: "run-start", backend: "engine" });
  expect(events.at(-1)).toMatchObject({ type: "run-end", reason: "finished", history: [{ epoch: 1 }, { epoch: 2 }] });
  expect(events.filter(({ type }) => type === "checkpoint-saved")).toHaveLength(2);
  expect(stdout).not.toContain("weights");
  expect(stderr).toMatch(/^epoch 2\/2 {2}loss \d\.\d{4}/m);
});

test("a text from stdin trains, into the first free folder under runs", async () => {
  const folder = temporaryFolder();
  const stdin = readFileSync(writeBook(folder), "utf8");
  for (const count of [1, 2]) {
    expect((await invoke(["train", "-", ...tinyFlags, "--max-steps", "2"], { folder, stdin })).code).toBe(0);
    expect(readdirSync(join(folder, "runs"))).toHaveLength(count);
  }
  expect(readdirSync(join(folder, "runs"))).toEqual(["text-1", "text-2"]);
});

test("the same command line trains the same model, byte for byte", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  for (const out of ["a", "b"]) await invoke(["train", "book.txt", ...tinyFlags, "--out", out], { folder });
  const weights = (out: string) => readFileSync(join(folder, out, "model", "weights.bin"));
  expect(weights("a").equals(weights("b"))).toBe(true);
});

test("only the newest checkpoints and the best are kept", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  await invoke(["train", "book.txt", ...tinyFlags, "--epochs", "5", "--keep", "1", "--out", "run"], { folder });
  const names = await createDiskStore(join(folder, "run", "checkpoints")).list();
  expect(names).toContain("epoch-0005");
  expect(names.length).toBeLessThan(3);
});

describe("after each epoch", () => {
  const train = [
    "train",
    "book.txt",
    ...tinyFlags,
    "--sample-length",
    "60",
    "--temperatures",
    "0.2,0.5",
    "--out",
    "run",
  ];

  test.each([true, false])("what the model writes now is shown, on a terminal (%s) and off it", async (isTerminal) => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { stderr } = await invoke(train, { folder, isTerminal });
    const written = readFileSync(join(folder, "run", "generated_text", "epoch_02.txt"), "utf8");
    const shown = stderr.slice(stderr.lastIndexOf("  at temperature 0.5:")).split("\n")[1]!.replace("  | ", "");
    expect(shown.length).toBeGreaterThan(5);
    expect(written).toContain(shown.replace("…", ""));
    expect(stderr.match(/at temperature/g)).toHaveLength(2);
  });

  test.each(["--quiet", "--json"])("nothing of it is shown with %s", async (flag) => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { code, stderr } = await invoke([...train, flag], { folder });
    expect(code).toBe(0);
    expect(stderr).not.toContain("at temperature");
    expect(stderr).toContain("epoch 2/2");
  });
});
