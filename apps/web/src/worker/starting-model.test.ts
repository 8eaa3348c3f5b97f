import { itemMark } from "@charlstm/training";
import { expect, test } from "vitest";
import { newsOf } from "../logic/new-characters.js";
import { prepareText } from "./prepared-text.js";
import { furtherTitle, newCharacters } from "./starting-model.js";

const plainText = (text: string) =>
  prepareText(text, { title: "A text", cleaning: { recipe: "gutenberg", foldCase: false, unwrap: false } });

test("what is new to a model are the characters of the text that it lacks", () => {
  const model = { vocabulary: ["a", "b", "😀"], settings: {} };
  expect(newCharacters(model, plainText("bcé😀"))).toEqual(["c", "é"]);
  expect(newCharacters(model, plainText("a"))).toEqual([]);
});

test("where lines are items their ends are no characters, nor is the mark: as they are chosen, or as the model has learnt them", () => {
  const text = plainText("ab\nac\n");
  expect(newCharacters({ vocabulary: ["a"], settings: {} }, text)).toEqual(["\n", "b", "c"]);
  expect(newCharacters({ vocabulary: ["a"], settings: {} }, text, "line")).toEqual(["b", "c"]);
  expect(newCharacters({ vocabulary: ["a", itemMark], settings: { items: "line" } }, text)).toEqual(["b", "c"]);
});

test("new characters are named, the invisible by their names, and of very many only the first", () => {
  expect(newsOf([])).toBe("No character of the text is new to it.");
  expect(newsOf(["\t", "é"])).toBe("New to it, with weights of their own: tab é.");
  const many = Array.from({ length: 1000 }, (_, at) => String.fromCodePoint(0x4e00 + at));
  expect(newsOf(many)).toMatch(/ and 940 others\.$/);
});

test("a model is called by all of its texts, as far as a name goes", () => {
  expect(furtherTitle("Emma", "Moby-Dick")).toBe("Emma, then Moby-Dick");
  const long = furtherTitle("x".repeat(80), "y".repeat(80));
  expect(long).toHaveLength(80);
  expect(long).toMatch(/^x+, then y+$/);
});
