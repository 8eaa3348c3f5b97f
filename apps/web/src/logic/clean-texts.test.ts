import { cleanText } from "@charlstm/corpus";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CleaningChoices, cleanTexts, inOrder, titleOf } from "./clean-texts.js";

const plain: CleaningChoices = { recipe: "gutenberg", foldCase: false, unwrap: false };
const named = (text: string, name = "a.txt") => ({ text, name, encoding: "utf-8", warnings: [] });
const book = (text: string) =>
  `*** START OF THE PROJECT GUTENBERG EBOOK A ***\n\n${text}\n\n*** END OF THE PROJECT GUTENBERG EBOOK A ***\nlicence\n`;

test("texts are joined with an empty line between two, and each stands where its place says", () => {
  const text = fc.stringMatching(/^[a-zé😀]{1,9}(\n[a-z 😀]{1,9}){0,3}[a-z]$/u);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), fc.boolean(), (texts, foldCase) => {
      const clean = texts.map((one) => cleanText(one, { foldCase }).text);
      const joined = cleanTexts(
        texts.map((one) => named(one)),
        { ...plain, foldCase },
      );
      expect(joined.text).toBe(clean.join("\n\n"));
      const characters = [...joined.text];
      expect(joined.places.map(({ begin, end }) => characters.slice(begin, end).join(""))).toEqual(clean);
      expect(joined.texts.map((one) => one.characters)).toEqual(clean.map((one) => [...one].length));
    }),
  );
});

test("each text is cleaned by itself: the licence of the first does not end the second", () => {
  const { text, texts } = cleanTexts([named(book("one"), "1"), named(book("two"), "2"), named("three", "3")], plain);
  // A book keeps its last line end.
  expect(text).toBe("one\n" + "\n\n" + "two\n" + "\n\n" + "three");
  expect(texts.map(({ name, cuts }) => [name, cuts.length > 0])).toEqual([
    ["1", true],
    ["2", true],
    ["3", false],
  ]);
});

test("of several texts an empty one is refused by its name", () => {
  expect(() => cleanTexts([named("one"), named(" \n", "b.txt")], plain)).toThrow(/“b\.txt”: .*empty/);
  expect(() => cleanTexts([named(" \n", "b.txt")], plain)).toThrow(/empty/);
});

test("files are taken in the order of their names, and called by their folder or the first of them", () => {
  const names = ["b/2.txt", "a.txt", "b/10.txt"];
  expect(inOrder(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual(["a.txt", "b/10.txt", "b/2.txt"]);
  expect(titleOf(["Emma.txt"])).toBe("Emma");
  expect(titleOf(["austen/Emma.txt"])).toBe("Emma");
  expect(titleOf(["Emma.txt", "b.txt", "c"])).toBe("Emma and 2 more");
  expect(titleOf(["austen/Emma.txt", "austen/late/Persuasion.txt"])).toBe("austen");
  expect(titleOf(["austen/Emma.txt", "melville/Moby.txt"])).toBe("Emma and 1 more");
});

test("of what a rule cuts its first three pieces are shown, long ones by their beginning", () => {
  const pieces = [
    "[Illustration: one]",
    "[Illustration]",
    `[Illustration: ${"x".repeat(200)}]`,
    "[Illustration: four]",
  ];
  const text = `${"It was a good day.\n".repeat(40)}\n${pieces.map((piece) => `${piece}\n\nMore.\n\n`).join("")}`;
  const { texts } = cleanTexts([named(text)], plain);
  const cut = texts[0]!.cuts.find(({ excerpts }) => excerpts.some((excerpt) => excerpt.includes("one")))!;
  expect(cut.excerpts).toEqual(["[Illustration: one]", "[Illustration]", `[Illustration: ${"x".repeat(145)} …`]);
});

test("that a text has no marks of Project Gutenberg is not worth a warning, what was said of its bytes is", () => {
  const given = { ...named("It was a good day.\n".repeat(40)), warnings: [{ code: "X", message: "odd bytes" }] };
  expect(cleanTexts([given as never], plain).texts[0]!.warnings).toEqual(["odd bytes"]);
});

test("files of one name stay in the order in which they came", () => {
  const files = [
    { name: "b", at: 0 },
    { name: "a", at: 1 },
    { name: "b", at: 2 },
    { name: "a", at: 3 },
  ];
  expect(inOrder(files).map(({ at }) => at)).toEqual([1, 3, 0, 2]);
});
