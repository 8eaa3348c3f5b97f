import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDiskStore } from "@charlstm/model/checkpoint";
import { readNovel } from "@charlstm/novel";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { command, filesIn, start } from "./invoke.js";
import { writeBook } from "./texts.js";

/** Settings of trials of moments. */
const tiny = [
  ...["--window", "16", "--batch", "16", "--warmup-steps", "0", "--sample-length", "30", "--threads", "1"],
  ...["--held-out", "0.1"],
];
const search = [
  "--units",
  "6,8",
  "--learning-rate",
  "0.002~0.02",
  "--dropout",
  "0:0.3",
  "--trials",
  "6",
  "--seed",
  "1",
];

interface TrialLine {
  id: number;
  text: string;
  folder: string;
  values: Record<string, unknown>;
  loss?: number;
  epochs?: number;
  best?: number;
  error?: { code: string; message: string };
}

async function sweep(folder: string, ...argv: string[]) {
  const { code, stdout, stderr } = await command(folder, "sweep", ...argv, "--json");
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return {
    trials: stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TrialLine),
    stderr,
  };
}

/** What a trial has learnt, without what the clock says. */
function learnt(run: string) {
  const metrics = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n");
  return {
    weights: readFileSync(join(run, "model", "weights.bin")).toString("hex"),
    metrics: metrics.map((line) => ({ ...JSON.parse(line), seconds: 0, charactersPerSecond: 0 })),
  };
}

/** The results of a sweep without what the clock says. */
function resultsOf(folder: string) {
  const lines = readFileSync(join(folder, "sweep.jsonl"), "utf8").trim().split("\n");
  return lines
    .map((line) => ({ ...JSON.parse(line), seconds: 0 }))
    .sort((a, b) => a.trial - b.trial || a.epochs - b.epochs);
}

describe("a sweep in this process", () => {
  test("trains each trial as train does, sorts by held-out loss, and copies the best", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { trials, stderr } = await sweep(
      folder,
      "book.txt",
      ...search,
      ...tiny,
      "--epochs",
      "2",
      "--best-to",
      "models/best",
    );
    expect(trials.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const losses = trials.map(({ loss }) => loss!);
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    expect(stderr).toContain("(6/6 trials)");

    const [best] = trials as [TrialLine];
    const { units, learningRate, dropout } = best.values as { units: number[]; learningRate: number; dropout: number };
    const settings = [
      "--units",
      String(units[0]),
      "--learning-rate",
      String(learningRate),
      "--dropout",
      String(dropout),
    ];
    const alone = await command(
      folder,
      "train",
      "book.txt",
      ...settings,
      ...tiny,
      "--epochs",
      "2",
      "--seed",
      "1",
      "--out",
      "alone",
    );
    expect(alone.code).toBe(0);
    expect(learnt(best.folder)).toEqual(learnt(join(folder, "alone")));
    const [model, copy] = await Promise.all([
      createDiskStore(best.folder).load("model"),
      createDiskStore(join(folder, "models")).load("best"),
    ]);
    expect(copy.weights).toEqual(model.weights);
  });

  test("gives a table on stdout, and a page that holds all and asks for nothing", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const argv = ["book.txt", "--units", "6,8", "--dropout", "0,0.1", ...tiny, "--epochs", "2", "--out", "s"];
    const { code, stdout } = await command(folder, "sweep", ...argv);
    expect(code).toBe(0);
    const [head, ...rows] = stdout.trim().split("\n");
    expect(head!.trim().split(/ {2,}/)).toEqual([
      "trial",
      "held out",
      "bits/char",
      "at epoch",
      "epochs",
      "units",
      "dropout",
      "seconds",
    ]);
    expect(rows.length).toBe(4);
    const page = readFileSync(join(folder, "s", "sweep.html"), "utf8");
    for (const id of ["01", "02", "03", "04"]) expect(page).toContain(`trial-${id}`);
    expect(page.match(/<polyline class="(best|good|rest)"/g)?.length).toBe(4);
    expect(page).toContain("What the best writes");
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|\sstyle="/);
  });

  test("takes the same from a file, and several books as trials of their own", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    writeFileSync(join(folder, "other.txt"), readNovel().slice(80_000, 84_000));
    const settings = { units: [6, 8], epochs: 1, window: 16, batch: "16", warmupSteps: 0 };
    writeFileSync(join(folder, "sweep.json"), JSON.stringify({ books: ["book.txt", "other.txt"], seed: 1, settings }));
    const flags = ["--sample-length", "0", "--threads", "1", "--best-to", "best"];
    const { trials } = await sweep(folder, "sweep.json", ...flags);
    expect(trials.map(({ id, text }) => [id, text]).sort()).toEqual([
      [1, "book"],
      [2, "book"],
      [3, "other"],
      [4, "other"],
    ]);
    expect(trials.map(({ text }) => text)).toEqual(["book", "book", "other", "other"]);
    for (const text of ["book", "other"]) expect(existsSync(join(folder, "best", text, "charlstm.json"))).toBe(true);
    const both = await sweep(
      folder,
      "book.txt",
      "other.txt",
      "--units",
      "6,8",
      "--epochs",
      "1",
      ...tiny.slice(0, 6),
      ...flags,
    );
    expect(both.trials.map(({ loss }) => loss)).toEqual(trials.map(({ loss }) => loss));
  });

  test("several at a time come to the same as one at a time", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const argv = ["book.txt", ...search, ...tiny, "--epochs", "2"];
    await sweep(folder, ...argv, "--out", "one");
    await sweep(folder, ...argv, "--parallel", "3", "--out", "three");
    expect(resultsOf(join(folder, "three"))).toEqual(resultsOf(join(folder, "one")));
  });

  test("with halving trains a third on, to the bits of a run that was never stopped", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const argv = ["book.txt", ...search, ...tiny, "--epochs", "3"];
    const whole = await sweep(folder, ...argv, "--out", "whole");
    const { trials, stderr } = await sweep(folder, ...argv, "--halving", "--out", "halved");
    expect(stderr).toContain("rungs at 1, 3 epochs");
    const gone = trials.filter(({ epochs }) => epochs === 3);
    expect(gone.length).toBeGreaterThanOrEqual(2);
    expect(gone.length).toBeLessThan(6);
    for (const { id, loss, folder: run } of gone) {
      const same = whole.trials.find((trial) => trial.id === id)!;
      expect(loss).toBe(same.loss);
      expect(learnt(run)).toEqual(learnt(same.folder));
    }
  });
});

describe("a sweep that was stopped", () => {
  test("goes on with --resume to the results of one that was not, each trial once", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    writeBook(folder, 12_000);
    const argv = ["book.txt", ...search, ...tiny, "--epochs", "8"];
    await sweep(folder, ...argv, "--out", "whole");
    const { child, outcome, says } = start(["sweep", ...argv, "--out", "stopped"], { folder });
    await says("(2/6 trials)");
    child.kill("SIGINT");
    const { code, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^Saved\. Go on with: .*charlstm sweep --resume \S+stopped$/m);
    const { trials } = await sweep(folder, "--resume", "stopped");
    expect(trials.length).toBe(6);
    expect(resultsOf(join(folder, "stopped"))).toEqual(resultsOf(join(folder, "whole")));
    for (const { folder: run, id } of trials)
      expect(learnt(run)).toEqual(learnt(join(folder, "whole", `trial-0${id}`)));
  });

  test("after a kill passes over half a line, and counts no trial twice", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    await sweep(folder, "book.txt", ...search, ...tiny, "--epochs", "1", "--out", "s");
    const file = join(folder, "s", "sweep.jsonl");
    const [first, second, ...rest] = readFileSync(file, "utf8").trim().split("\n");
    writeFileSync(file, `${[first, first, ...rest].join("\n")}\n${second!.slice(0, 20)}`);
    const { trials } = await sweep(folder, "--resume", "s");
    expect(trials.length).toBe(6);
    expect(trials.every(({ loss }) => loss !== undefined)).toBe(true);
    const again = await sweep(folder, "--resume", "s");
    expect(again.trials).toEqual(trials);
  });

  test("is refused on another text, with other trials, and where there is none", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    await sweep(folder, "book.txt", "--units", "6,8", ...tiny, "--epochs", "1", "--out", "s");
    const refused = await command(folder, "sweep", "--resume", "s", "--units", "4");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--units does not go with --resume") });
    appendFileSync(join(folder, "book.txt"), "more");
    const changed = await command(folder, "sweep", "--resume", "s");
    expect(changed).toMatchObject({ code: 1, stderr: expect.stringContaining("[CORPUS_CHANGED]") });
    expect(await command(folder, "sweep", "--resume", "no")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[NO_RUN]"),
    });
  });
});

test("a trial that diverges or does not fit its text fails alone, with its error in the table", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const argv = ["book.txt", "--learning-rate", "0.01,1e30", "--window", "16,100000", ...tiny.slice(2), "--units", "6"];
  const trials = (await sweep(folder, ...argv, "--epochs", "1", "--out", "s")).trials;
  expect(trials.map(({ error }) => error?.code)).toEqual([undefined, "DIVERGED", "TEXT_TOO_SHORT", "TEXT_TOO_SHORT"]);
  const { stdout } = await command(folder, "sweep", "--resume", "s");
  expect(stdout).toMatch(/failed .*\[TEXT_TOO_SHORT\]/);
  expect(filesIn(join(folder, "s"))).toContain("trial-01/model/charlstm.json");
});

describe("bad input", () => {
  test.each([
    [["--units", "128"], "there is one trial, and nothing to choose from"],
    [["--dropout", "0:0.4"], "say how many with --trials 24"],
    [["--dropout", "0:2", "--trials", "3"], 'its end "2" has to be'],
    [["--units", "8,16", "--halving", "--epochs", "2"], "2 are too few"],
    [["--halving", "--epochs", "3,9"], "trials of 3, 9 epochs have none in common"],
    [["--units", "8,16", "--trials", "1000000"], "more than 100,000 trials"],
    [["other.json"], "is a sweep file, which names its books itself"],
  ])("%j is refused, with what to do", async (argv, words) => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { code, stderr } = await command(folder, "sweep", "book.txt", ...argv);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) });
    expect(filesIn(folder)).toEqual(["book.txt"]);
  });

  test("a malformed file is refused with each of its values named", async () => {
    const folder = temporaryFolder();
    const settings = { units: [0, 8], dropout: "0:3", heldOut: 0.1, widht: 3 };
    const file = { books: ["a.txt", 7], trials: 0, seed: "x", halving: 1, preset: "fast", setings: {}, settings };
    writeFileSync(join(folder, "sweep.json"), JSON.stringify(file));
    const { code, stderr } = await command(folder, "sweep", "sweep.json");
    expect(code).toBe(2);
    for (const words of [
      ...[
        "books[1] is 7",
        "trials is 0",
        'seed is "x"',
        "halving is 1",
        'preset is "fast"',
        "setings is none of its names",
      ],
      ...[
        "settings.units: 0 has to be",
        'settings.dropout: its end "3"',
        "settings.heldOut is the same for all trials",
      ],
      "settings.widht is no setting",
    ])
      expect(stderr).toContain(words);
  });

  test.each([
    ["{", "is no JSON"],
    ["[]", "it has to be an object"],
  ])("%s is no sweep file", async (content, words) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "sweep.json"), content);
    expect(await command(folder, "sweep", "sweep.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    });
  });

  test("a folder that holds something is left as it is", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    cpSync(join(folder, "book.txt"), join(folder, "s", "mine.txt"));
    const { code, stderr } = await command(folder, "sweep", "book.txt", "--units", "6,8", "--out", "s");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("[OCCUPIED]") });
    expect(filesIn(join(folder, "s"))).toEqual(["mine.txt"]);
    rmSync(join(folder, "s"), { recursive: true });
  });
});
