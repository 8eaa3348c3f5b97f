// Several texts: what is named, how it is joined, what is held out, and what is said of it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNovel } from "@charlstm/novel";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { command, invoke } from "./invoke.js";
import { tinyFlags } from "./texts.js";

const novel = readNovel();

/** `a.txt`, `b.txt`, and `poems/` with two texts, one in a folder of its own, beside a picture and a hidden file. */
function writeTexts(): { folder: string; texts: Record<string, string> } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "poems", "old"), { recursive: true });
  mkdirSync(join(folder, "empty"));
  const names = ["a.txt", "b.txt", "poems/old/ode.txt", "poems/song.txt"];
  const texts = Object.fromEntries(
    names.map((name, index) => [name, `${name}: ${novel.slice(30_000 + index * 5000, 31_500 + index * 5000)}\n`]),
  );
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "poems", "cover.png"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]));
  writeFileSync(join(folder, "poems", ".draft.txt"), "hidden");
  return { folder, texts };
}

const facts = (stdout: string) => JSON.parse(stdout);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("corpus", () => {
  test("joins texts in the order in which they are named, those of a folder by their paths, and tells what stands between", async () => {
    const { folder, texts } = writeTexts();
    const named = ["b.txt", "poems", "a.txt"];
    const { code, stdout, stderr } = await command(folder, "corpus", ...named, "--out", "all.txt", "--json");
    expect(code).toBe(0);
    const order = ["b.txt", "poems/old/ode.txt", "poems/song.txt", "a.txt"];
    expect(readFileSync(join(folder, "all.txt"), "utf8")).toBe(order.map((name) => texts[name]).join("\n\n"));
    expect(facts(stdout)).toMatchObject({
      separator: "\n\n",
      texts: order.map((name) => ({
        name: join(folder, name),
        sha256: sha256(texts[name]!),
        characters: texts[name]!.length,
      })),
      skipped: [{ name: join(folder, "poems/cover.png"), reason: "not named as a text" }],
    });
    expect(stderr).toContain(`skipped 1 of 5 files: ${join(folder, "poems/cover.png")} (not named as a text)\n`);
  });

  test.each([
    ["a pattern", ["*.txt"], ["a.txt", "b.txt"]],
    ["a pattern over folders", ["poems/**/*.txt"], ["poems/old/ode.txt", "poems/song.txt"]],
    ["a text twice", ["b.txt", "./b.txt", "*.txt"], ["b.txt", "a.txt"]],
  ])("takes %s", async (_, words, order) => {
    const { folder } = writeTexts();
    const { stdout } = await command(folder, "corpus", ...words, "--json");
    expect(facts(stdout).texts.map(({ name }: { name: string }) => name)).toEqual(
      order.map((name) => join(folder, name)),
    );
  });

  test("takes nothing that a run in the folder has written", async () => {
    const { folder } = writeTexts();
    await command(folder, "train", "a.txt", ...tinyFlags, "--out", "runs/one");
    const { stdout } = await command(folder, "corpus", ".", "--json");
    expect(facts(stdout).texts).toHaveLength(4);
    expect(facts(stdout).skipped).toContainEqual({
      name: join(folder, "runs/one/generated_text/epoch_01.txt"),
      reason: "a run's",
    });
  });

  test("takes a file by its name where that looks like a pattern", async () => {
    const { folder } = writeTexts();
    writeFileSync(join(folder, "c[1].txt"), "one text by its name");
    expect(facts((await command(folder, "corpus", "c[1].txt", "--json")).stdout).characters).toBe(20);
  });

  test("reads the standard input among files", async () => {
    const { folder, texts } = writeTexts();
    const { stdout } = await invoke(["corpus", "a.txt", "-", "--json"], { folder, stdin: "from a pipe" });
    expect(facts(stdout)).toMatchObject({ characters: texts["a.txt"]!.length + 2 + 11, texts: [{}, { name: "-" }] });
  });

  test("cleans each text by itself", async () => {
    const { folder } = writeTexts();
    const book = (title: string) =>
      `Title: ${title}\n\n*** START OF THE PROJECT GUTENBERG EBOOK ***\n\n${title} begins.\n\n*** END OF THE PROJECT GUTENBERG EBOOK ***\nLicence.\n`;
    for (const name of ["one", "two"]) writeFileSync(join(folder, `${name}.txt`), book(name));
    const { stdout } = await command(folder, "corpus", "one.txt", "two.txt", "--out", "all.txt", "--json");
    expect(facts(stdout).texts).toMatchObject([{ title: "one" }, { title: "two" }]);
    expect(readFileSync(join(folder, "all.txt"), "utf8")).toMatch(/^one begins\.\s+two begins\.\s*$/);
  });

  test.each([
    ["an empty folder", ["empty"], "has no file whose name ends as a text's"],
    ["a pattern that nothing matches", ["a.txt", "no/*.txt"], "no file matches no/*.txt"],
    ["pictures alone", ["poems/cover.png", "bad.png", "--skip-bad"], "none of 2 files is a text"],
  ])("refuses %s", async (_, words, message) => {
    const { folder } = writeTexts();
    writeFileSync(join(folder, "bad.png"), Buffer.alloc(100));
    const { code, stdout, stderr } = await command(folder, "corpus", ...words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain("[NO_TEXT]");
  });

  test.each([
    ["named", ["a.txt", "bad.txt", "b.txt"]],
    ["in a folder", ["poems", "a.txt"]],
  ])("a file that is %s and is none is refused by name, and left out with --skip-bad", async (_, words) => {
    const { folder } = writeTexts();
    for (const name of ["bad.txt", "poems/bad.txt"]) writeFileSync(join(folder, name), Buffer.alloc(100));
    const refused = await command(folder, "corpus", ...words);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/bad\.txt" is no plain text: .* \(--skip-bad goes on without it\) \[BINARY_FILE\]/);
    const { code, stdout, stderr } = await command(folder, "corpus", ...words, "--skip-bad", "--json");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^skipped \d of \d files: .*bad\.txt \(no plain text\)/m);
    expect(facts(stdout).texts.length).toBeGreaterThan(1);
  });
});

describe("train", () => {
  const train = (folder: string, ...words: string[]) =>
    command(folder, "train", ...words, ...tinyFlags, "--held-out", "0.2", "--out", "run");
  const resume = (folder: string, ...words: string[]) =>
    command(folder, "train", ...words, "--resume", "run", "--epochs", "3");

  test("holds out the end of every text, and says so; evaluate and resume read the same texts again", async () => {
    const { folder, texts } = writeTexts();
    const { code, stderr } = await train(folder, "a.txt", "poems");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const order = ["a.txt", "poems/old/ode.txt", "poems/song.txt"].map((name) => texts[name]!);
    const held = order.map((text) => Math.floor(text.length * 0.2)).reduce((sum, count) => sum + count) + 2 * 2;
    expect(stderr).toContain('3 texts, "\\n\\n" between them: ');
    expect(stderr).toContain(`Held out: the last 20 % of each text, ${held} characters.`);
    const record = JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8"));
    expect(record.book).toEqual([join(folder, "a.txt"), join(folder, "poems")]);
    expect(record.corpus.texts.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(order.map(sha256));
    const { stdout } = await command(folder, "evaluate", "run", "--json", "--sample-length", "0");
    expect(facts(stdout)).toMatchObject({ split: "last 20 % of each text", characters: held });
    const { history } = JSON.parse(readFileSync(join(folder, "run", "model", "charlstm.json"), "utf8"));
    expect(facts(stdout).loss).toBeCloseTo(history.at(-1).heldOutLoss, 5);
    // What came into the folder since is none of the run's.
    writeFileSync(join(folder, "poems", "new.txt"), "a new one");
    expect(await resume(folder)).toMatchObject({ code: 0 });
  });

  test.each([
    ["changed", (path: string) => writeFileSync(path, "another text"), "changed: PATH"],
    ["missing", (path: string) => renameSync(path, `${path}.bak`), "is not there (PATH)"],
  ])("names a text that is %s on resume", async (_, change, message) => {
    const { folder } = writeTexts();
    await train(folder, "a.txt", "b.txt", "poems/song.txt");
    const path = join(folder, "b.txt");
    change(path);
    const { code, stdout, stderr } = await resume(folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message.replace("PATH", path));
    expect(stderr).toMatch(/\[(?:CORPUS_CHANGED|BOOK_NEEDED)\]$/m);
  });

  test("names what is new, missing and changed where other texts are given", async () => {
    const { folder } = writeTexts();
    await train(folder, "a.txt", "b.txt");
    writeFileSync(join(folder, "a.txt"), "another text");
    const { stderr } = await resume(folder, "a.txt", "poems/song.txt");
    const [a, b, song] = ["a.txt", "b.txt", "poems/song.txt"].map((name) => join(folder, name));
    expect(stderr).toContain(`changed: ${a}; missing: ${b}; new: ${song}`);
  });

  test("the order of the texts is a part of them", async () => {
    const { folder } = writeTexts();
    await train(folder, "a.txt", "b.txt");
    const { stderr } = await resume(folder, "b.txt", "a.txt");
    expect(stderr).toContain("they come in another order");
    expect((await resume(folder, "a.txt", "b.txt")).code).toBe(0);
  });
});

test("a model whose many texts are not listed in it asks for them", async () => {
  const { folder } = writeTexts();
  await command(folder, "train", "a.txt", "b.txt", ...tinyFlags, "--out", "run");
  const path = join(folder, "run", "run.json");
  const record = JSON.parse(readFileSync(path, "utf8"));
  record.corpus.texts = [{ name: "/etc/passwd", sha256: 5 }];
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
  const { code, stderr } = await command(folder, "train", "--resume", "run", "--epochs", "3");
  expect(code).toBe(1);
  expect(stderr).toContain("not listed in it: name them, as in: charlstm train");
  expect(stderr).toContain("[BOOK_NEEDED]");
});
