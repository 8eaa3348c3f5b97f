import { itemMark } from "@charlstm/training";
import { expect, test } from "vitest";
import { newsOf } from "../logic/new-characters.js";
import { furtherTitle, newCharacters } from "./starting-model.js";

test("what is new to a model are the characters of the text that it lacks", () => {
  const model = { vocabulary: ["a", "b", "😀"], settings: {} };
  expect(newCharacters(model, ["b", "c", "é", "😀"], "Old")).toEqual(["c", "é"]);
  expect(newCharacters(model, ["a"], "Old")).toEqual([]);
});

test("a model of items is refused on plain text, with the command that takes it", () => {
  const model = { vocabulary: ["a", itemMark], settings: { items: "file" } };
  expect(() => newCharacters(model, ["a"], "Names")).toThrow(/“Names” has learnt items.*--items file/);
  expect(() => newCharacters({ ...model, settings: {} }, ["a"], "Names")).toThrow(/--items line/);
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
