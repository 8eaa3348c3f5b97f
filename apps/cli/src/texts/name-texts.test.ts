import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { ioIn } from "../../test/invoke.js";
import { nameTexts, wholeName } from "./name-texts.js";

/** A folder with these files. */
function folderOf(...files: readonly string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }
  return folder;
}

test("a folder names its texts by their paths, not hidden files, others' files and what a run has written", async () => {
  const folder = folderOf("b.TXT", "a/z.md", "a/.hidden.txt", "cover.jpg", "run/run.json", "run/text.txt", "runs.txt");
  const { names, skipped } = await nameTexts(ioIn(folder), ["."]);
  expect(names).toEqual(["a/z.md", "b.TXT", "runs.txt"].map((name) => join(folder, name)));
  expect(skipped).toEqual([
    { name: join(folder, "cover.jpg"), reason: "not named as a text" },
    ...["run/run.json", "run/text.txt"].map((name) => ({ name: join(folder, name), reason: "a run's" })),
  ]);
});

test("words come in their order, each text once; what names no file is left as it is", async () => {
  const folder = folderOf("b.txt", "a.txt", "notes.bin");
  const words = ["1342", "b.txt", "-", ".", "https://a.test/b.txt", "./b.txt", "1342", "none.txt"];
  const whole = (name: string) => join(folder, name);
  expect(await nameTexts(ioIn(folder), words)).toEqual({
    names: ["1342", whole("b.txt"), "-", whole("a.txt"), "https://a.test/b.txt", whole("none.txt")],
    skipped: [{ name: whole("notes.bin"), reason: "not named as a text" }],
  });
  expect(["-", "1342", "b.txt"].map((word) => wholeName(ioIn(folder), word))).toEqual(["-", "1342", whole("b.txt")]);
});

test("a pattern takes the files that match, whatever their names end in, and a file of that very name is no pattern", async () => {
  const folder = folderOf("2.log", "1.log", "in/3.log", "b.txt", "what[1].txt", "what1.txt");
  const named = async (word: string) => (await nameTexts(ioIn(folder), [word])).names;
  expect(await named("*.log")).toEqual(["1.log", "2.log"].map((name) => join(folder, name)));
  expect(await named("**/*.log")).toHaveLength(3);
  expect(await named("{b,c}.txt")).toEqual([join(folder, "b.txt")]);
  expect(await named("what[1].txt")).toEqual([join(folder, "what[1].txt")]);
});

test("a pattern that matches a folder alone names no file in it", async () => {
  const folder = folderOf("in/a.txt");
  await expect(nameTexts(ioIn(folder), ["i*"])).rejects.toMatchObject({ code: "NO_TEXT" });
});

test("a folder without a text and a pattern without a file are refused, naming them", async () => {
  const folder = folderOf("in/cover.jpg");
  const refused = (word: string) => nameTexts(ioIn(folder), [word]).catch((error: unknown) => error);
  expect(await refused("in")).toMatchObject({ code: "NO_TEXT", message: expect.stringContaining(join(folder, "in")) });
  expect(await refused("*.txt")).toMatchObject({
    code: "NO_TEXT",
    message: expect.stringMatching(/^no file matches \*\.txt \(seen from .*correct the pattern/),
  });
});
