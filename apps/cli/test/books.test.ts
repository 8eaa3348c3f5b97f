import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { corporaFolder, describeWithCorpora, temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { finishedRun } from "./finished-run.js";
import { filesIn, invoke, start } from "./invoke.js";
import { tinyFlags, writeBook, writeNotebookBook } from "./texts.js";

const runFolder = finishedRun();

describe("corpus", () => {
  test("--json prints one object alone on stdout, and the warnings go to stderr", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { code, stdout, stderr } = await invoke(["corpus", "book.txt", "--json"], { folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      characters: expect.any(Number),
      vocabulary: expect.any(Number),
      windows: expect.any(Number),
      recipe: "gutenberg",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(stderr).toBe("warning: the text has no marker of Project Gutenberg: nothing was cut\n");
  });

  test("without --json tells the same facts and what was cut, and --out writes the clean text", async () => {
    const folder = temporaryFolder();
    writeNotebookBook(folder);
    const { stdout } = await invoke(["corpus", "notebook.txt", "--recipe", "notebook", "--out", "clean.txt"], {
      folder,
    });
    const text = readFileSync(join(folder, "clean.txt"), "utf8");
    expect(text).toMatch(/^preface\. /);
    expect(stdout).toMatch(new RegExp(`^characters +${text.length}$`, "m"));
    expect(stdout).toMatch(new RegExp(`^windows +${Math.floor((text.length - 60 - 1) / 3) + 1}$`, "m"));
    expect(stdout).toMatch(/^cut:\n {2}\S+ +\d+ characters {2}lines \d+-\d+$/m);
  });

  test("the notebook's recipe refuses a text without its marker, and writes nothing", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const argv = ["corpus", "book.txt", "--recipe", "notebook", "--out", "clean.txt"];
    const { code, stdout, stderr } = await invoke(argv, { folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("[MARKER_MISSING]");
    expect(filesIn(folder)).toEqual(["book.txt"]);
  });
});

describeWithCorpora("the notebook's text", () => {
  const book = join(corporaFolder, "pride-and-prejudice.notebook.txt");

  test("has 712,148 characters, 59 of them distinct, and 237,363 windows", async () => {
    const folder = temporaryFolder();
    const { stdout, stderr } = await invoke(["corpus", book, "--recipe", "notebook", "--json"], { folder });
    expect(stdout.split("\n")).toHaveLength(2);
    expect(JSON.parse(stdout)).toMatchObject({ characters: 712_148, vocabulary: 59, windows: 237_363 });
    expect(stderr).toBe("");
  });

  test("trains with the notebook's preset: the same figures, 1,855 steps an epoch, 103,867 parameters", async () => {
    const folder = temporaryFolder();
    const flags = ["--preset", "notebook", "--max-steps", "2", "--sample-length", "20", "--out", "run"];
    const { code, stderr } = await invoke(["train", book, ...flags], { folder });
    expect(code).toBe(0);
    expect(stderr).toContain("712148 characters, 59 distinct, 237363 windows of 60 (recipe notebook)");
    expect(stderr).toContain("engine: 103,867 parameters, 1,855 steps an epoch, 2 in all");
  });
});

describe("evaluate", () => {
  test("measures the held-out part of the run's own book when no other is named", async () => {
    const { code, stdout } = await invoke(["evaluate", "run", "--json"], { folder: runFolder() });
    expect(code).toBe(0);
    const facts = JSON.parse(stdout);
    expect(facts).toMatchObject({ split: "last 10 %", context: "stream", copied: { length: expect.any(Number) } });
    expect(facts.bitsPerCharacter).toBeCloseTo(facts.loss / Math.LN2, 10);
    expect(facts.perplexity).toBeCloseTo(Math.exp(facts.loss), 10);
    expect(facts.accuracy).toBeGreaterThan(0);
    expect(facts.baselines.map(({ name }: { name: string }) => name)).toEqual([
      expect.stringMatching(/Markov/),
      "gzip",
    ]);
  });

  test("gives the held-out loss that training told of that epoch", async () => {
    const folder = runFolder();
    const last = readFileSync(join(folder, "run", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .at(-1)!;
    const { stdout } = await invoke(["evaluate", "run", "--sample-length", "0", "--json"], { folder });
    expect(JSON.parse(stdout).loss).toBeCloseTo(JSON.parse(last).heldOutLoss, 5);
  });

  test("prints a line a figure without --json", async () => {
    const { stdout } = await invoke(["evaluate", "run", "book.txt", "--context", "window"], { folder: runFolder() });
    for (const name of ["loss", "bits per character", "perplexity", "accuracy", "longest copy"])
      expect(stdout).toMatch(new RegExp(`^${name} +\\S`, "m"));
  });

  test("refuses a text with characters that the model does not know", async () => {
    const folder = runFolder();
    writeFileSync(join(folder, "other.txt"), "日本語の文章です。".repeat(50));
    const { code, stdout, stderr } = await invoke(["evaluate", "run", "other.txt"], { folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("日");
  });
});

describe("without a network and with an empty cache", () => {
  const nowhere = (folder: string) => ({ HOME: folder, XDG_CACHE_HOME: join(folder, "cache"), LOCALAPPDATA: folder });

  test("train says so and takes the novel that comes with the program", async () => {
    const folder = temporaryFolder();
    const argv = ["train", "--offline", ...tinyFlags, "--max-steps", "2", "--out", "run"];
    const { code, stderr } = await start(argv, { folder, env: nowhere(folder) }).outcome;
    expect(code).toBe(0);
    const [unavailable, instead, text] = stderr.split("\n");
    expect(unavailable).toMatch(/^Pride and Prejudice can't be had: book 1342 has no intact copy in the cache/);
    expect(instead).toBe("Taking Moby-Dick instead, which comes with this program. For another book, name a file.");
    expect(text).toMatch(/^Moby-Dick: 1189697 characters, 81 distinct/);
    expect(JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8")).book).toBeNull();
  });

  test("train with a book's number fails, naming an address for a browser and how to pass a file, and writes nothing", async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await start(["train", "1342", "--offline"], { folder, env: nowhere(folder) }).outcome;
    expect(code).toBe(1);
    expect(stderr).toContain(
      "download https://www.gutenberg.org/cache/epub/1342/pg1342.txt in a browser and pass the file's path",
    );
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(filesIn(folder)).toEqual([]);
  });
});
