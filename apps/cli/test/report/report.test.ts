import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNovel } from "@charlstm/novel";
import { temporaryFolder } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMetrics } from "../../src/report/read-metrics.js";
import { runNames } from "../../src/report/read-run.js";
import { parseSampleFile } from "../../src/report/read-samples.js";
import type { ReportData } from "../../src/report/report-data.js";
import { countParameters } from "../../src/report/run-facts.js";
import { writeSampleFile } from "../../src/run/folder.js";
import { command } from "../invoke.js";
import { figuresOf, makeRun } from "./runs.js";

/** What the page is given to draw. */
function dataOf(page: string): ReportData {
  const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(readFileSync(page, "utf8"))![1]!;
  return JSON.parse(json) as ReportData;
}

test("train ends with a page, a plot and a picture of the run", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "book.txt"), readNovel().slice(0, 4000));
  const flags = ["--units", "8", "--window", "16", "--batch", "8", "--epochs", "2", "--held-out", "0.1"];
  const { code, stderr } = await command(
    folder,
    ...["train", "book.txt", "--out", "run", "--sample-length", "30", "--recipe", "gutenberg", ...flags],
  );
  expect(code).toBe(0);
  expect(stderr).toContain(`report: ${join(folder, "run", "report.html")}`);
  expect(readFileSync(join(folder, "run", "loss.svg"), "utf8")).toContain("held-out loss");
  expect(existsSync(join(folder, "run", "loss.png"))).toBe(true);
  const { runs } = dataOf(join(folder, "run", "report.html"));
  expect(runs[0]).toMatchObject({ name: "run", notes: [], baselines: { heldOutCharacters: 400 } });
  expect(runs[0]!.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(runs[0]!.samples.map(({ texts }) => texts.map(({ text }) => [...text].length))).toEqual(
    [1, 2].map(() => [30, 30, 30, 30]),
  );
});

test("a run of one update has its page, too", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "book.txt"), readNovel().slice(0, 4000));
  const flags = ["--units", "4", "--window", "16", "--batch", "4", "--max-steps", "1", "--sample-length", "5"];
  expect((await command(folder, "train", "book.txt", "--out", "run", ...flags)).code).toBe(0);
  expect(dataOf(join(folder, "run", "report.html")).runs[0]!.epochs).toHaveLength(1);
});

describe("charlstm report", () => {
  test("prints where the page is, which is small beside its data", async () => {
    const folder = temporaryFolder();
    await makeRun(join(folder, "run"), { epochs: 1 });
    const { code, stdout, stderr } = await command(folder, "report", "run");
    const page = join(folder, "run", "report.html");
    // Where drawing takes more than two seconds, a line says so.
    expect({ code, stdout, stderr: stderr.replace("drawing the report…\n", "") }).toEqual({
      ...{ code: 0, stdout: `${page}\n`, stderr: "" },
    });
    expect(statSync(page).size).toBeLessThan(150_000);
    expect(existsSync(join(folder, "run", "loss.png"))).toBe(true);
  });

  test("says nothing of the folders on this machine", async () => {
    const folder = temporaryFolder();
    await makeRun(join(folder, "run"));
    await command(folder, "report", "run");
    const page = readFileSync(join(folder, "run", "report.html"), "utf8");
    expect(page).toContain("book.txt");
    expect(page).not.toContain("/somewhere/private");
    expect(page).not.toContain(folder);
  });

  test("a run without a complete epoch gets a page without a plot", async () => {
    const folder = temporaryFolder();
    await makeRun(join(folder, "run"), { epochs: 0 });
    const { code, stderr } = await command(folder, "report", "run");
    expect([code, stderr]).toEqual([0, expect.stringContaining("no epoch of this run has ended yet")]);
    expect(existsSync(join(folder, "run", "loss.svg"))).toBe(false);
    expect(dataOf(join(folder, "run", "report.html")).runs[0]!.epochs).toEqual([]);
  });

  test("a torn last line, a broken one and a broken sample file are left out and told", async () => {
    const folder = temporaryFolder();
    const run = await makeRun(join(folder, "run"), { epochs: 3 });
    appendFileSync(join(run, "metrics.jsonl"), '[1]\n{"epoch":4,"step":400,"lo');
    writeFileSync(join(run, "generated_text", "epoch_02.txt"), "not samples");
    writeFileSync(join(run, "baselines.json"), "{}");
    const { code, stderr } = await command(folder, "report", "run");
    expect(code).toBe(0);
    expect(stderr.match(/warning: .*/g)).toEqual([
      "warning: Line 4 of metrics.jsonl does not hold an epoch's figures and is left out.",
      "warning: The last line of metrics.jsonl is cut off and left out.",
      "warning: epoch_02.txt does not hold an epoch's samples and is left out.",
      "warning: baselines.json does not hold baselines and is left out.",
    ]);
    const [report] = dataOf(join(run, "report.html")).runs;
    expect(report!.epochs).toHaveLength(3);
    expect(report!.samples.map(({ epoch }) => epoch)).toEqual([1, 3]);
  });

  test("a run without its samples still has a page", async () => {
    const folder = temporaryFolder();
    const run = await makeRun(join(folder, "run"));
    rmSync(join(run, "generated_text"), { recursive: true });
    expect((await command(folder, "report", "run")).code).toBe(0);
    expect(dataOf(join(run, "report.html")).runs[0]!.samples).toEqual([]);
  });

  test.each([
    ["a folder that does not exist", "nothing", () => {}],
    ["a folder without a run", "empty", (at: string) => mkdirSync(at)],
    ["a file", "file", (at: string) => writeFileSync(at, "text")],
    ["a record that is not JSON", "torn", (at: string) => record(at, '{"formatVersion":1,')],
    ["a record of something else", "other", (at: string) => record(at, "[]")],
    ["a newer record", "newer", (at: string) => record(at, '{"formatVersion":2,"settings":{},"corpus":{}}')],
    ["a record without settings", "bare", (at: string) => record(at, '{"formatVersion":1,"corpus":{}}')],
  ])("%s is NO_RUN", async (_, name, make) => {
    const folder = temporaryFolder();
    make(join(folder, name));
    const { code, stdout, stderr } = await command(folder, "report", name);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("[NO_RUN]");
  });

  test("several runs come on one page, each under a name of its own", async () => {
    const folder = temporaryFolder();
    for (const name of ["a/run", "b/run", "c"]) await makeRun(join(folder, name));
    const { code, stdout } = await command(folder, "report", "a/run", "b/run", "c", "--out", "new/page.html");
    expect([code, stdout]).toEqual([0, `${join(folder, "new", "page.html")}\n`]);
    expect(dataOf(join(folder, "new", "page.html")).runs.map(({ name }) => name)).toEqual(["a/run", "b/run", "c"]);
  });

  test("--out that is a folder, and no run at all, are wrong usage", async () => {
    const folder = temporaryFolder();
    await makeRun(join(folder, "run"));
    expect(await command(folder, "report", "run", "--out", ".")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("name the file to write"),
    });
    expect((await command(folder, "report")).code).toBe(2);
  });
});

function record(folder: string, text: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, "run.json"), text);
}

test("the same run given twice has two names", () => {
  expect(runNames(["x/run", "x/run"])).toEqual(["x/run (1)", "x/run (2)"]);
});

test("whatever a model writes is read back from its sample file", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "generated_text"));
  const text = fc.string({ unit: fc.constantFrom("a", "\n", "-", " ", "é", "😀", "<", "\r", "Temperature: 0.5\n") });
  const prompts = fc.string({ unit: "grapheme", minLength: 1 }).filter((prompt) => !/[\ud800-\udfff]/u.test(prompt));
  const samples = fc.array(fc.record({ temperature: fc.constantFrom(0, 0.2, 1, 1.25, 1e-7), text }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(prompts, samples, fc.integer({ min: 1, max: 2000 }), async (prompt, texts, epoch) => {
      const file = await writeSampleFile(folder, epoch, prompt, texts);
      expect(parseSampleFile(readFileSync(file, "utf8"))).toEqual({ epoch, prompt, texts });
    }),
    { numRuns: 200 },
  );
});

test("figures that were no numbers come as gaps", async () => {
  const file = join(temporaryFolder(), "metrics.jsonl");
  writeFileSync(file, `${JSON.stringify({ ...figuresOf(1), loss: Number.NaN })}\n`);
  const { epochs, notes } = await readMetrics(file);
  expect([epochs[0]!.loss, epochs[0]!.heldOutLoss, notes]).toEqual([null, expect.any(Number), []]);
});

test("parameters are counted as Keras counts them", () => {
  expect(countParameters([128], 59)).toBe(96_256 + 7_611);
  expect(countParameters([4, 3], 5)).toBe(4 * 4 * 10 + 4 * 3 * 8 + 4 * 5);
  expect(countParameters("many", 5)).toBeUndefined();
});
