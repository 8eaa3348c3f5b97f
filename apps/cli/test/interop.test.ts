import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNovel } from "@charlstm/novel";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { command } from "./invoke.js";

/** Model files of the real programs. */
const fixtures = fileURLToPath(new URL("../../../packages/formats/test/fixtures", import.meta.url));

/** What a model writes when it always takes the most probable character. */
async function writing(folder: string, model: string, prompt = "the "): Promise<string> {
  const flags = ["--prompt", prompt, "--temperature", "0", "--length", "40", "--context", "stream"];
  const { code, stdout, stderr } = await command(folder, "generate", model, ...flags);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** A folder with a book and a run on it. */
async function trained(): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "book.txt"), readNovel().slice(0, 3000));
  const small = ["--units", "12,8", "--window", "10", "--batch", "8", "--sample-length", "0", "--threads", "1"];
  const flags = ["--max-steps", "30", "--recipe", "gutenberg", "--objective", "window", "--out", "run", ...small];
  const { code, stderr } = await command(folder, "train", "book.txt", ...flags);
  if (code !== 0) throw new Error(stderr);
  return folder;
}

describe("a trained model", () => {
  test("ends as char_lstm_model.h5 with its vocabulary beside it, and comes back from it", async () => {
    const folder = await trained();
    const vocabulary = JSON.parse(readFileSync(join(folder, "run/char_lstm_model.h5.vocabulary.json"), "utf8"));
    expect(vocabulary).toContain("e");
    const { code, stdout } = await command(folder, "import", "run/char_lstm_model.h5");
    expect([code, stdout]).toEqual([0, `${join(folder, "char_lstm_model")}\n`]);
    expect(await writing(folder, "char_lstm_model")).toBe(await writing(folder, "run"));
  });

  test("named without a format it is written as char_lstm_model.h5", async () => {
    const folder = await trained();
    expect((await command(folder, "export", "run")).stdout).toBe(`${join(folder, "char_lstm_model.h5")}\n`);
    expect(existsSync(join(folder, "char_lstm_model.h5.vocabulary.json"))).toBe(true);
  });
});

describe("a model as one file", () => {
  test("is written, taken by every command that takes a model, and a checkpoint again", async () => {
    const folder = await trained();
    const exported = await command(folder, "export", "run", "--out", "run.charlstm");
    expect([exported.code, exported.stdout]).toEqual([0, `${join(folder, "run.charlstm")}\n`]);
    expect(existsSync(join(folder, "run.charlstm.vocabulary.json"))).toBe(false);
    expect(await writing(folder, "run.charlstm")).toBe(await writing(folder, "run"));
    const score = async (model: string) => (await command(folder, "evaluate", model, "book.txt", "--json")).stdout;
    expect(await score("run.charlstm")).toBe(await score("run"));
    expect((await command(folder, "import", "run.charlstm", "--out", "again")).code).toBe(0);
    const [original, again] = ["run/model", "again"].map((path) => readFileSync(join(folder, path, "optimizer.bin")));
    expect(again).toEqual(original);
    const further = ["--from", "run.charlstm", "--max-steps", "2", "--sample-length", "0", "--out", "further"];
    expect((await command(folder, "train", "book.txt", ...further)).code).toBe(0);
  });

  test("of another tool is written from and scored without an import", async () => {
    const folder = await trained();
    for (const name of ["model.keras", "model.safetensors", "tfjs"])
      expect((await command(folder, "export", "run", "--out", name)).code).toBe(0);
    for (const name of ["model.keras", "model.safetensors", "tfjs", "run/char_lstm_model.h5"])
      expect(await writing(folder, name)).toBe(await writing(folder, "run"));
  });

  test("replaces no file that is somebody's own", async () => {
    const folder = await trained();
    writeFileSync(join(folder, "own.charlstm"), "mine");
    const { code, stderr } = await command(folder, "export", "run", "--out", "own.charlstm");
    expect([code, stderr]).toEqual([1, expect.stringContaining("[OCCUPIED]")]);
    expect(readFileSync(join(folder, "own.charlstm"), "utf8")).toBe("mine");
  });
});

/** A folder with models of seven characters, and a text that has seven. */
function kerasModels(): string {
  const folder = temporaryFolder();
  for (const name of ["keras-2.7-rmsprop.h5", "keras-3.15-rmsprop.keras", "keras-2.7-hard-sigmoid.h5"])
    cpSync(join(fixtures, name), join(folder, name));
  cpSync(join(fixtures, "tfjs-converter-shards"), join(folder, "shards"), { recursive: true });
  writeFileSync(join(folder, "seven.txt"), "gfedcba".repeat(40));
  return folder;
}

describe("a model of Keras", () => {
  test.each(["keras-2.7-rmsprop.h5", "keras-3.15-rmsprop.keras", "shards"])(
    "%s needs a vocabulary, and takes the sorted characters of a text",
    async (name) => {
      const folder = kerasModels();
      const without = await command(folder, "import", name, "--out", `${name}-imported`);
      expect(without.code).toBe(1);
      expect(without.stderr).toMatch(/which 7 characters .* --vocabulary-from.*\[NO_VOCABULARY\]/);
      const from = ["--vocabulary-from", "seven.txt", "--recipe", "gutenberg"];
      const imported = await command(folder, "import", name, "--out", `${name}-imported`, ...from);
      expect(imported.code).toBe(0);
      expect(await writing(folder, `${name}-imported`, "abc")).toMatch(/^abc[a-g]{40}\n$/);
    },
  );

  test("that names no characters is refused by generate, which says what does take them", async () => {
    const { code, stderr } = await command(kerasModels(), "generate", "keras-2.7-rmsprop.h5");
    expect(code).toBe(1);
    expect(stderr).toMatch(/which 7 characters .* import it with --vocabulary-from.*\[NO_VOCABULARY\]/);
  });

  test("a vocabulary beside the file is taken, in the order that it has", async () => {
    const folder = kerasModels();
    const beside = join(folder, "keras-2.7-rmsprop.h5.vocabulary.json");
    writeFileSync(beside, JSON.stringify([..."gfedcba"]));
    expect((await command(folder, "import", "keras-2.7-rmsprop.h5", "--out", "beside")).code).toBe(0);
    const turned = (text: string) => [...text].map((letter) => "gfedcba"["abcdefg".indexOf(letter)] ?? letter).join("");
    writeFileSync(beside, JSON.stringify([..."abcdefg"]));
    expect((await command(folder, "import", "keras-2.7-rmsprop.h5", "--out", "sorted")).code).toBe(0);
    expect(await writing(folder, "beside", "gfe")).toBe(turned(await writing(folder, "sorted", "abc")));
  });

  test.each([
    ["model (1).h5", [], "model (1)"],
    ["a b.h5", [], "a b"],
    ["модель.h5", [], "модель"],
    ["a;b:c.h5", [], "a-b-c"],
    ["...h5", [], "model"],
    ["best.weights.keras", [], "best"],
    ["model.h5", ["--out", "my models"], "my models"],
    ["model.h5", ["--out", "модели/[a] b (2)"], "модели/[a] b (2)"],
  ])("%s %j becomes the checkpoint %s", { timeout: 60_000 }, async (name, flags, checkpoint) => {
    const folder = kerasModels();
    cpSync(join(folder, name.endsWith("h5") ? "keras-2.7-rmsprop.h5" : "keras-3.15-rmsprop.keras"), join(folder, name));
    const { code, stdout, stderr } = await command(folder, "import", name, "--vocabulary-from", "seven.txt", ...flags);
    expect([stderr, code, stdout]).toEqual([expect.anything(), 0, `${join(folder, checkpoint)}\n`]);
    expect(await writing(folder, checkpoint, "abc")).toMatch(/^abc[a-g]{40}\n$/);
  });

  test("the folder of a tfjs model is not taken for the checkpoint's", async () => {
    const folder = kerasModels();
    const { stdout } = await command(folder, "import", "shards", "--vocabulary-from", "seven.txt");
    expect(stdout).toBe(`${join(folder, "shards-imported")}\n`);
  });

  test("with hard_sigmoid gates it writes with TensorFlow.js, and the engine says how", async () => {
    const folder = kerasModels();
    const name = "keras-2.7-hard-sigmoid.h5";
    const imported = await command(folder, "import", name, "--out", "hard", "--vocabulary-from", "seven.txt");
    expect([imported.code, imported.stderr]).toEqual([
      0,
      expect.stringMatching(/hard_sigmoid: it is written and scored/),
    ]);
    expect(await writing(folder, "hard", "abc")).toMatch(/^abc[a-g]{40}\n$/);
    const refused = await command(folder, "generate", "hard", "--backend", "engine", "--prompt", "abc");
    expect(refused.stderr).toMatch(/--backend tfjs-cpu.*\[UNSUPPORTED_ACTIVATION\]/);
  });

  test("of which there are the weights alone is read with its structure", async () => {
    const folder = kerasModels();
    cpSync(join(fixtures, "layouts/keras-2-weights.h5"), join(folder, "my.weights.h5"));
    cpSync(join(fixtures, "layouts/keras-2-weights.json"), join(folder, "arch.json"));
    const from = ["--vocabulary-from", "seven.txt"];
    const without = await command(folder, "import", "my.weights.h5", ...from);
    expect([without.code, without.stderr]).toEqual([1, expect.stringMatching(/--config.*\[NOT_A_MODEL\]/)]);
    const read = await command(folder, "import", "my.weights.h5", "--config", "arch.json", ...from);
    expect([read.code, read.stdout]).toEqual([0, `${join(folder, "my")}\n`]);
    await command(folder, "import", "keras-2.7-rmsprop.h5", "--out", "whole", ...from);
    expect(await writing(folder, "my", "abc")).toBe(await writing(folder, "whole", "abc"));
    const other = await command(folder, "import", "shards", "--config", "arch.json", ...from);
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/has no option "config"/)]);
  });

  test("a text with other characters is refused", async () => {
    const folder = kerasModels();
    const { code, stderr } = await command(folder, "import", "shards", "--vocabulary-from", "./shards/model.json");
    expect(code).toBe(1);
    expect(stderr).toMatch(/the vocabulary has \d+ characters, the model 7/);
  });
});

test("a charRNN of ml5.js is read with the characters that it knows", async () => {
  const folder = temporaryFolder();
  const shapes = { embedding: [3, 2], cell_0_kernel: [4, 8], cell_0_bias: [8], softmax_w: [2, 3], softmax_b: [3] };
  mkdirSync(join(folder, "woolf"));
  const manifest = Object.entries(shapes).map(([name, shape], n) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => Math.sin(7 * n + k));
    writeFileSync(join(folder, "woolf", name), values);
    return [name.replace("cell_0_", "rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/"), { filename: name, shape }];
  });
  writeFileSync(join(folder, "woolf/manifest.json"), JSON.stringify(Object.fromEntries(manifest)));
  writeFileSync(join(folder, "woolf/vocab.json"), JSON.stringify({ b: 0, a: 1, " ": 2 }));
  const { code, stdout, stderr } = await command(folder, "import", "woolf");
  expect([code, stdout]).toEqual([0, `${join(folder, "woolf-imported")}\n`]);
  expect(stderr).toContain("ml5.js charRNN: units 2, 3 characters");
  expect(await writing(folder, "woolf-imported", "ab")).toMatch(/^ab[ab ]{40}\n$/);
});

describe("what is no model is refused in one paragraph", () => {
  test.each([
    ["a path that is not there", "nothing.h5", () => {}, "NO_MODEL"],
    ["a folder", "folder.h5", (path: string) => mkdirSync(path), "NO_MODEL"],
    [
      "a SavedModel",
      "saved",
      (path: string) => {
        mkdirSync(path);
        writeFileSync(join(path, "saved_model.pb"), "");
      },
      "NO_MODEL",
    ],
    ["a PyTorch file", "model.pt", (path: string) => writeFileSync(path, Uint8Array.of(0x80, 2, 0x8a)), "NOT_A_MODEL"],
    ["a structure", "arch.json", (path: string) => writeFileSync(path, '{"class_name":"Sequential"}'), "NOT_A_MODEL"],
    ["an empty file", "empty.h5", (path: string) => writeFileSync(path, ""), "NOT_A_MODEL"],
    ["a text", "text.keras", (path: string) => writeFileSync(path, "It is a truth"), "NOT_A_MODEL"],
    [
      "half a file",
      "half.h5",
      (path: string) => writeFileSync(path, readFileSync(join(fixtures, "keras-2.7-rmsprop.h5")).subarray(0, 9000)),
      "CORRUPT_FILE",
    ],
  ])("%s", async (_, name, make, errorCode) => {
    const folder = temporaryFolder();
    make(join(folder, name));
    const { code, stdout, stderr } = await command(folder, "import", name, "--out", "model");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`^charlstm: [^\\n]+ \\[${errorCode}\\]\\n$`));
    expect(existsSync(join(folder, "model"))).toBe(false);
  });
});
