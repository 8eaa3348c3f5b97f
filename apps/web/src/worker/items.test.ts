import { itemMark } from "@charlstm/training";
import { decode } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { cleanTexts } from "../logic/clean-texts.js";
import { countItems, firstItems, inItems, shownVocabulary, split } from "./items.js";
import { prepareText } from "./prepared-text.js";

const cleaning = { recipe: "gutenberg", foldCase: false, unwrap: false } as const;
const files = ["Anna\nBo\n\nCy\n", "Di\n\n\nEmil"].map((text, at) => ({
  ...{ text, name: `${at}.txt`, encoding: "utf-8", warnings: [] },
}));

function opened() {
  const { text, places } = cleanTexts(files, cleaning);
  return prepareText(text, { title: "Names", cleaning, places });
}

/** As they are when a mark is a bar. */
const shown = (text: string) => text.replaceAll(itemMark, "|");

test("a text's items are each line, each paragraph or each file, with a mark before and behind", () => {
  const text = opened();
  expect(shown(inItems(text, "line").text)).toBe("|Anna|Bo|Cy|Di|Emil|");
  expect(shown(inItems(text, "paragraph").text)).toBe("|Anna\nBo|Cy|Di|Emil|");
  expect(shown(inItems(text, "file").text)).toMatch(/^\|Anna\nBo\n\nCy\|Di\n+Emil\|$/);
  expect(inItems(text, undefined)).toBe(text);
  expect((["line", "paragraph", "file"] as const).map((kind) => countItems(text, kind))).toEqual([5, 4, 2]);
});

test("a text of one file is one item of the kind file", () => {
  expect(countItems(prepareText("a\n\nb", { title: "One", cleaning }), "file")).toBe(1);
});

test("items are held out whole, evenly among all, and the text that is open stays as it is", () => {
  const text = inItems(opened(), "line");
  const before = text.ids.slice();
  const parts = split(text, 0.4, "line");
  const read = (ids: typeof text.ids) => shown(decode(ids, text.vocabulary));
  expect([read(parts.train), read(parts.heldOut)]).toEqual(["|Anna|Bo|Di|", "|Cy|Emil|"]);
  expect(text.ids).toEqual(before);
});

test("of several texts each end is held out, and the text that is open stays as it is", () => {
  const cleaned = cleanTexts(
    [..."ab"].map((sign) => ({ ...files[0]!, text: sign.repeat(10) })),
    cleaning,
  );
  const text = prepareText(cleaned.text, { title: "Two", cleaning, places: cleaned.places });
  const before = text.ids.slice();
  const parts = split(text, 0.2);
  const count = (ids: typeof text.ids, sign: string) => decode(ids, text.vocabulary).split(sign).length - 1;
  expect([parts.train, parts.heldOut].map((ids) => [count(ids, "a"), count(ids, "b")])).toEqual([
    [8, 8],
    [2, 2],
  ]);
  expect(text.ids).toEqual(before);
});

test("the first items are whole ones, as many as have room, and one where none has", () => {
  const { ids, vocabulary } = inItems(opened(), "line");
  const first = (characters: number) => shown(decode(firstItems(ids, characters), vocabulary));
  expect([1, 6, 8, 9, 100].map(first)).toEqual([
    ...["|Anna|", "|Anna|", "|Anna|", "|Anna|Bo|", "|Anna|Bo|Cy|Di|Emil|"],
  ]);
});

test("the mark is shown as no character", () => {
  expect(shownVocabulary(["a", itemMark, "z"])).toEqual(["a", "", "z"]);
});
