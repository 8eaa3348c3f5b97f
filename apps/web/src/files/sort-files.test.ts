import { expect, test } from "vitest";
import { groupModels, sortDropped } from "./sort-files.js";

const named = (...names: string[]) => names.map((name) => ({ name }));
const grouped = (...names: string[]) => groupModels(named(...names)).map((group) => group.map(({ name }) => name));

test("one model is all of its files, whichever tool wrote it", () => {
  for (const names of [
    ["model.json", "group1-shard1of1.bin"],
    ["m.weights.h5", "m.json", "m.vocabulary.json"],
    ["m.h5", "other.vocabulary.json"],
    ["run/run.json", "run/model/charlstm.json", "run/checkpoints/a/charlstm.json", "run/exported.h5"],
    ["charlstm.json", "weights.bin"],
  ])
    expect(grouped(...names)).toEqual([names]);
});

test("several models are several, each with what bears its name", () => {
  expect(grouped("a.charlstm", "b.h5", "b.vocabulary.json")).toEqual([["a.charlstm"], ["b.h5", "b.vocabulary.json"]]);
  expect(grouped("runs/a/model/charlstm.json", "runs/b/checkpoints/x/charlstm.json", "runs/b/run.json")).toEqual([
    ["runs/a/model/charlstm.json"],
    ["runs/b/checkpoints/x/charlstm.json", "runs/b/run.json"],
  ]);
  const versions = ["v1.2.h5", "v1.2.vocabulary.json"];
  expect(grouped("v1.3.h5", ...versions)).toEqual([["v1.3.h5"], versions]);
  expect(grouped("runs/a/charlstm.json", "b.h5", "old-charlstm.json")).toEqual([
    ["runs/a/charlstm.json"],
    ["b.h5"],
    ["old-charlstm.json"],
  ]);
  expect(grouped("a.keras", "b.keras", "c.onnx")).toEqual([["a.keras"], ["b.keras"], ["c.onnx"]]);
});

test("what is dropped is a model or a text by what it is, and by the place where it could be either", () => {
  const sorted = (names: string[], isForModels: boolean) => {
    const { models, texts } = sortDropped(named(...names), isForModels);
    return [models.map(({ name }) => name), texts.map(({ name }) => name)];
  };
  expect(sorted(["book.txt", "m.charlstm", "README"], false)).toEqual([["m.charlstm"], ["book.txt", "README"]]);
  expect(sorted(["book.txt", "README"], true)).toEqual([["README"], ["book.txt"]]);
  const run = ["run/run.json", "run/model/charlstm.json", "run/generated_text/epoch-1.txt"];
  expect(sorted([...run, "books/a.txt"], false)).toEqual([run, ["books/a.txt"]]);
});
