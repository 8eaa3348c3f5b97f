import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@charlstm/sampling";
import { expect, test } from "vitest";
import { finishedRun } from "./finished-run.js";
import { filesIn, invoke } from "./invoke.js";

const runFolder = finishedRun();

/** Runs a command line that has to fail with one paragraph and without a trace in the folder. */
async function refusal(folder: string, argv: readonly string[], code: number): Promise<string> {
  const before = filesIn(folder);
  const outcome = await invoke(argv, { folder });
  expect(outcome).toMatchObject({ code, stdout: "" });
  expect(filesIn(folder)).toEqual(before);
  const lines = outcome.stderr.trimEnd().split("\n");
  const paragraph = lines.slice(lines.findIndex((line) => line.startsWith("charlstm: ")));
  // Wrong usage adds a suggestion and a hint; whatever it is, no stack.
  expect(paragraph.length).toBeLessThanOrEqual(code === 2 ? 3 : 1);
  expect(outcome.stderr).not.toMatch(/^ {4}at /m);
  return paragraph.join("\n");
}

test.each([
  ["a missing file", "nothing.txt", "there is no file", "NOT_FOUND"],
  ["a folder without a text", "run/model", "has no file whose name ends as a text's", "NO_TEXT"],
  ["an empty file", "empty.txt", "is empty", "EMPTY_TEXT"],
  ["a binary file", "binary.txt", "is no plain text", "BINARY_FILE"],
  ["a text shorter than a window", "short.txt", "a window of 16 needs at least 17", "TEXT_TOO_SHORT"],
])("train on %s is refused", async (_, book, message, code) => {
  const folder = runFolder();
  writeFileSync(join(folder, "empty.txt"), "");
  writeFileSync(join(folder, "short.txt"), "hello\n");
  const random = createRandom(3);
  writeFileSync(
    join(folder, "binary.txt"),
    Uint8Array.from({ length: 4000 }, () => Math.floor(256 * random())),
  );
  const paragraph = await refusal(folder, ["train", book], 1);
  expect(paragraph).toContain(message);
  expect(paragraph).toContain(`[${code}]`);
});

test("train with a build that this processor lacks is refused, and one that there is none of is wrong usage", async () => {
  const folder = runFolder();
  const absent = process.arch === "arm64" ? "avx2" : "neon";
  const paragraph = await refusal(folder, ["train", "book.txt", "--engine-build", absent], 1);
  expect(paragraph).toMatch(new RegExp(`no ${absent} build runs here: .*auto.*\\[NO_BUILD\\]$`));
  expect(await refusal(folder, ["train", "book.txt", "--engine-build", "sse"], 2)).toContain(
    "Allowed choices are auto",
  );
});

test("a build of the engine is refused beside another backend", async () => {
  const argv = ["train", "book.txt", "--backend", "tfjs-cpu", "--engine-build", "simd", "--out", "other"];
  expect(await refusal(runFolder(), argv, 2)).toContain("--engine-build does not go with --backend tfjs-cpu");
});

test.each(["missing.txt", ".", "empty.txt"])("corpus, evaluate and import refuse the text %s too", async (book) => {
  const folder = runFolder();
  writeFileSync(join(folder, "empty.txt"), "");
  await refusal(folder, ["corpus", book, "--out", "clean.txt"], 1);
  await refusal(folder, ["evaluate", "run", book], 1);
  await refusal(folder, ["import", "run/char_lstm_model.h5", "--vocabulary-from", book, "--out", "in"], 1);
});

test.each([
  ["an unknown flag", ["train", "book.txt", "--epoch", "3"], "unknown option '--epoch'"],
  ["an unknown command", ["tarin"], "unknown command 'tarin'"],
  ["a temperature below 0", ["generate", "run", "--temperature", "-1"], "Expected a number, 0 or more."],
  [
    "a list with a temperature below 0",
    ["train", "book.txt", "--temperatures", "0.5,-1"],
    "Expected a number, 0 or more",
  ],
  ["a temperature that is no number", ["generate", "run", "--temperature", "hot"], "Expected a number, 0 or more."],
  ["an endless temperature", ["generate", "run", "--temperature", "Infinity"], "Expected a number, 0 or more."],
  ["no epochs", ["train", "book.txt", "--epochs", "0"], "Expected a whole number, 1 or more."],
  ["half an epoch", ["train", "book.txt", "--epochs", "1.5"], "Expected a whole number, 1 or more."],
  ["a text that is all held out", ["train", "book.txt", "--held-out", "1"], "Expected a number from 0 up to"],
  ["a preset that there is not", ["train", "book.txt", "--preset", "huge"], "Allowed choices are"],
  ["a backend that there is not", ["generate", "run", "--backend", "cuda"], "Allowed choices are"],
  ["five layers", ["train", "book.txt", "--layers", "5"], "1 to 4 of them"],
  ["a model too many", ["generate", "run", "run"], "too many arguments"],
  ["no model", ["generate"], "missing required argument 'model'"],
  ["a flag without its value", ["train", "book.txt", "--out"], "argument missing"],
])("%s is wrong usage", async (_, argv, message) => {
  expect(await refusal(runFolder(), argv, 2)).toContain(message);
});

test("a prompt with unknown characters is refused, naming them", async () => {
  const paragraph = await refusal(runFolder(), ["generate", "run", "--prompt", "日本 the"], 1);
  expect(paragraph).toContain('"日" (U+65E5), "本" (U+672C)');
  expect(paragraph).toContain("[UNKNOWN_PROMPT_CHARACTERS]");
});

test("an empty prompt is refused", async () => {
  expect(await refusal(runFolder(), ["generate", "run", "--prompt", ""], 1)).toContain("[EMPTY_PROMPT]");
});

test.each(["model.json", "weights.bin", "charlstm.json", "optimizer.bin"])(
  "a checkpoint whose %s is truncated is refused by name, by every command that reads it",
  async (file) => {
    const folder = runFolder();
    const path = join(folder, "run", "model", file);
    writeFileSync(path, readFileSync(path).subarray(0, 50));
    for (const argv of [
      ["generate", "run"],
      ["evaluate", "run", "book.txt"],
      ["export", "run"],
    ]) {
      const paragraph = await refusal(folder, argv, 1);
      expect(paragraph).toContain(file);
      expect(paragraph).toMatch(/\[(TRUNCATED|ALTERED)\]$/);
    }
  },
);

test.each([
  ["missing", "nowhere", "does not exist"],
  ["no model", "empty", "holds no model"],
])("a model's folder that is %s is refused", async (_, name, message) => {
  const folder = runFolder();
  mkdirSync(join(folder, "empty"));
  expect(await refusal(folder, ["generate", name], 1)).toContain(message);
});

test.each(["h5", "keras", "safetensors", "json"])(
  "a .%s file that is something else is not imported",
  async (ending) => {
    const folder = runFolder();
    const name = `model.${ending}`;
    writeFileSync(join(folder, name), randomBytes(500));
    await refusal(folder, ["import", name, "--out", "in"], 1);
  },
);

test("an error shows its stack with --debug only", async () => {
  const folder = runFolder();
  const { stderr } = await invoke(["train", "nothing.txt", "--debug"], { folder });
  expect(stderr).toMatch(/\[NOT_FOUND\]\nCorpusError: .*\n {4}at /);
});
