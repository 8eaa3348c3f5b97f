// `--items`: texts with a beginning and an end, trained on, scored, and written whole.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command, invoke } from "./invoke.js";
import { tinyFlags } from "./texts.js";

const names = ["anna", "bert", "carla", "di", "emil", "frida"];
const mark = "\ufdd0";
const learning = [
  ...["--units", "24", "--window", "4", "--batch", "8", "--epochs", "30", "--learning-rate", "0.03"],
  ...[
    "--warmup-steps",
    "5",
    "--dropout",
    "0",
    "--sample-length",
    "30",
    "--temperatures",
    "0.3",
    "--threads",
    "1",
    "--patience",
    "0",
  ],
];

let folder = "";
let trained = { code: -1, stdout: "", stderr: "" };

/** A run that has learnt six names, a line each; tests only read it. */
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "charlstm-")));
  writeFileSync(join(folder, "names.txt"), `${Array.from({ length: 20 }, () => names.join("\n")).join("\n\n")}\n`);
  trained = await command(folder, "train", "names.txt", "--items", "line", ...learning, "--out", "run");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");

test("train says how many items there are and which are held out, and its samples have whole ones without their mark", () => {
  expect(trained).toMatchObject({ code: 0, stdout: "" });
  expect(trained.stderr).toContain("120 items (each a line)");
  expect(trained.stderr).toContain("Held out: 10 % of the items, evenly among all, ");
  const sample = read("run", "generated_text", "epoch_30.txt").split("Temperature: 0.3\n")[1]!;
  for (const name of sample.trim().split("\n").slice(0, -1)) expect(names).toContain(name);
  expect(trained.stderr + sample + read("run", "report.html")).not.toContain(mark);
  expect(JSON.parse(read("run", "run.json")).settings).toMatchObject({ items: "line", window: 4 });
});

describe("generate", () => {
  test("writes as many whole items as are asked for, a line each, and the same again with a seed", async () => {
    const argv = ["generate", "run", "--items", "10", "--temperature", "0.3", "--seed", "1"];
    const { code, stdout } = await command(folder, ...argv);
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines).toHaveLength(11);
    expect(lines.pop()).toBe("");
    for (const line of lines) expect(names).toContain(line);
    expect((await command(folder, ...argv)).stdout).toBe(stdout);
  });

  test("--json gives an object an item, its seed the one that writes it alone", async () => {
    const argv = ["generate", "run", "--temperature", "1", "--json"];
    const { stdout } = await command(folder, ...argv, "--items", "5", "--seed", "7");
    const items = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(items.map(({ seed }) => seed)).toEqual([7, 8, 9, 10, 11]);
    const alone = await command(folder, ...argv, "--items", "1", "--seed", "9");
    expect(JSON.parse(alone.stdout)).toEqual(items[2]);
    expect(items[2]).toMatchObject({ prompt: "", temperature: 1, isWhole: true });
  });

  test("--prompt begins every item, and --max-length bounds them, which is said", async () => {
    const argv = ["generate", "run", "--prompt", "fr", "--items", "2", "--temperature", "0.1"];
    expect((await command(folder, ...argv)).stdout).toBe("frida\nfrida\n");
    const { code, stdout, stderr } = await command(folder, ...argv, "--max-length", "2");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "frid\nfrid\n" });
    expect(stderr).toContain("2 of 2 did not come to their end: stopped after 2 characters (--max-length)\n");
  });

  test("without --items a text ends where its item does", async () => {
    const { stdout } = await command(
      folder,
      "generate",
      "run",
      "--prompt",
      "em",
      "--temperature",
      "0",
      "--length",
      "50",
    );
    expect(stdout).toBe("emil\n");
  });

  test.each([["--interactive"], ["--count", "2"], ["--show-probabilities"]])(
    "refuses --items with %s",
    async (...flags) => {
      const { code, stderr } = await command(folder, "generate", "run", "--items", "2", ...flags);
      expect(code).toBe(2);
      expect(stderr).toContain(`${flags[0]} does not go with --items`);
    },
  );
});

test("evaluate scores what the run held out item by item, and tells copies from what is new", async () => {
  const { code, stdout } = await command(folder, "evaluate", "run", "--json");
  expect(code).toBe(0);
  const facts = JSON.parse(stdout);
  expect(facts).toMatchObject({ split: "10 % of the items, evenly among all", context: "items" });
  const { history } = JSON.parse(read("run", "model", "charlstm.json"));
  expect(facts.loss).toBeCloseTo(history.at(-1).heldOutLoss, 4);
  expect(facts.items.written).toBe(facts.items.copied + facts.items.new);
  expect(facts.items.copied).toBeGreaterThan(80); // there is nothing else to learn
  // The same model beside other names: none of what it writes is a copy.
  writeFileSync(join(folder, "other.txt"), "dina\nalfred\n");
  const other = JSON.parse((await command(folder, "evaluate", "run", "other.txt", "--json")).stdout);
  expect(other).toMatchObject({ split: "whole text", predictions: 4 + 1 + 6 + 1, items: { copied: 0 } });
  expect((await command(folder, "evaluate", "run")).stdout).toMatch(
    /^items written {7}\d+: \d+ copied from the text, \d+ new$/m,
  );
});

describe("a run of items", () => {
  const small = [...tinyFlags, "--seed", "3"];
  const weights = (run: string, name: string) => readFileSync(join(folder, run, "checkpoints", name, "weights.bin"));

  test("that was stopped within an epoch goes on to the same weights", async () => {
    const flags = ["--items", "line", ...small, "--decay", "constant", "--dropout", "0.2"];
    await command(folder, "train", "names.txt", ...flags, "--out", "whole");
    await command(folder, "train", "names.txt", ...flags, "--max-steps", "3", "--out", "stopped");
    const { code } = await command(folder, "train", "--resume", "stopped", "--max-steps", "100000");
    expect(code).toBe(0);
    expect(weights("stopped", "epoch-0002")).toEqual(weights("whole", "epoch-0002"));
  });

  test.each([
    ["paragraph", 3],
    ["file", 2],
  ])("takes each %s of several files", async (kind, count) => {
    const place = temporaryFolder();
    mkdirSync(join(place, "recipes"));
    writeFileSync(join(place, "recipes", "a.txt"), "Bread\n\nFlour, water.\nBake.\n");
    writeFileSync(join(place, "recipes", "b.txt"), "Tea\nWater, leaves.\n");
    const { code, stderr } = await command(place, "train", "recipes", "--items", kind, ...small, "--out", "run");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain(`2 texts: `);
    expect(stderr).toContain(`${count} items (each a ${kind})`);
    const { corpus } = JSON.parse(readFileSync(join(place, "run", "run.json"), "utf8"));
    expect(corpus).not.toHaveProperty("separator");
    expect(corpus.texts).toHaveLength(2);
    expect((await command(place, "train", "--resume", "run", "--epochs", "3")).code).toBe(0);
    const { stdout } = await command(place, "generate", "run", "--items", "3", "--seed", "1", "--max-length", "9");
    expect(stdout.split("\n\n").length).toBeGreaterThanOrEqual(3);
  });

  test("takes the standard input", async () => {
    const argv = ["train", "-", "--items", "line", ...small, "--out", "piped"];
    const { code, stderr } = await invoke(argv, { folder, stdin: names.join("\n") });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain("6 items (each a line)");
  });

  test("learns further from another, and is refused without items", async () => {
    const further = ["train", "names.txt", "--from", "run", "--epochs", "1", "--sample-length", "10"];
    expect(await command(folder, ...further, "--items", "line", "--out", "on")).toMatchObject({ code: 0 });
    const { code, stderr } = await command(folder, ...further, "--out", "off");
    expect(code).toBe(2);
    expect(stderr).toContain("has learnt items, and writes them to their end: say what of the text is one");
  });

  test("begins in a model that knew none, and its mark is no news to be shown", async () => {
    await command(folder, "train", "names.txt", ...small, "--out", "plain");
    const flags = [
      "--from",
      "plain",
      "--items",
      "line",
      "--epochs",
      "1",
      "--sample-length",
      "10",
      "--out",
      "from-plain",
    ];
    const { code, stderr } = await command(folder, "train", "names.txt", ...flags);
    expect(code).toBe(0);
    expect(stderr).toContain("no new characters");
    expect((await command(folder, "generate", "from-plain", "--items", "2")).code).toBe(0);
    const refused = await command(folder, "generate", "plain", "--items", "2");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("the model plain knows no items");
  });

  test.each([
    ["the notebook's windows", ["--preset", "notebook"], "items have no windows of one length", 2],
    ["the window objective", ["--objective", "window"], "items have no windows of one length", 2],
    ["another kind", ["--items", "word"], "Allowed choices are line, paragraph, file", 2],
  ])("refuses %s", async (_, flags, message, expected) => {
    const argv = ["train", "names.txt", "--items", "line", ...flags, "--out", "refused"];
    const { code, stderr } = await command(folder, ...argv);
    expect(code).toBe(expected);
    expect(stderr).toContain(message);
  });

  test("refuses a text that has the mark itself", async () => {
    writeFileSync(join(folder, "marked.txt"), `one\n${mark}two\n`);
    for (const items of [["--items", "line"], []]) {
      const { code, stderr } = await command(folder, "train", "marked.txt", ...items, ...tinyFlags, "--window", "2");
      expect(code).toBe(1);
      expect(stderr).toContain("[RESERVED_CHARACTER]");
    }
  });

  test("a context of windows or streams is refused", async () => {
    const { code, stderr } = await command(folder, "evaluate", "run", "--context", "stream");
    expect(code).toBe(2);
    expect(stderr).toContain("--context stream is not for a model of items");
  });
});
