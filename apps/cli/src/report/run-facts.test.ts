import { expect, test } from "vitest";
import type { RunRecord } from "../run/folder.js";
import { corpusFacts, countParameters, machineFacts, settingFacts } from "./run-facts.js";

const recordOf = (other: object) => other as unknown as RunRecord;

test("settings are named in words and shown as one would write them", () => {
  const settings = { clipNorm: 1000, units: [128, 64], learningRate: 0.002, optimizer: { name: "adam", betaOne: 0.9 } };
  expect(settingFacts("quick", { ...settings, items: undefined, isOff: false })).toEqual([
    ["preset", "quick"],
    ["clip norm", "1,000"],
    ["units", "128, 64"],
    ["learning rate", "0.002"],
    ["optimizer", "adam, beta one 0.9"],
    ["items", "undefined"],
    ["is off", "false"],
  ]);
  expect(settingFacts(undefined, { decay: null })).toEqual([["decay", "null"]]);
});

test.each([
  ["1342", "Project Gutenberg 1342"],
  ["/home/somebody/books/emma.txt", "emma.txt"],
  ["C:\\books\\emma.txt", "emma.txt"],
  ["https://a.test/emma.txt", "https://a.test/emma.txt"],
  [["/books/a.txt", "1342"], "a.txt, Project Gutenberg 1342"],
  [null, "the novel that comes with charlstm"],
])("the book %j is called %s", (book, name) => {
  const facts = corpusFacts(recordOf({ book, corpus: {} }), undefined);
  expect(facts).toEqual([["book", name]]);
});

test("of a text what is known is told, and nothing else", () => {
  const corpus = {
    ...{ title: "Emma", texts: [1, 2], separator: "\n\n", recipe: "gutenberg", characters: 12_345 },
    ...{ vocabulary: 80, sha256: "f", textSha256: "t" },
  };
  const from = { model: "/runs/older", added: ["é", "ß"] };
  expect(corpusFacts(recordOf({ book: "1", corpus, from }), 103_867)).toEqual([
    ["title", "Emma"],
    ["book", "Project Gutenberg 1"],
    ["texts", "2"],
    ["between two texts", '"\\n\\n"'],
    ["recipe", "gutenberg"],
    ["characters", "12,345"],
    ["distinct characters", "80"],
    ["parameters of the network", "103,867"],
    ["goes on from", "older"],
    ["new to that model", "é ß"],
    ["sha256 of the file", "f"],
    ["sha256 of the text", "t"],
  ]);
  const names = corpusFacts(recordOf({ book: "1", corpus: {}, from: { ...from, added: [] } }), undefined);
  expect(names.map(([name]) => name)).toEqual(["book", "goes on from"]);
});

test("the machine is told by the backend's name and what else is known of it", () => {
  const record = {
    started: "then",
    backend: { name: "engine", threads: 4, build: undefined },
    versions: { node: "20" },
  };
  expect(machineFacts(recordOf(record))).toEqual([
    ["started", "then"],
    ["backend", "engine"],
    ["threads", "4"],
    ["node", "20"],
  ]);
  expect(machineFacts(recordOf({ versions: {} }))).toEqual([]);
});

test("parameters are those of gates with a bias over characters and units, and of the head", () => {
  // The notebook's network: 128 units over 57 characters, then 57 characters.
  expect(countParameters([128], 57)).toBe(4 * 128 * (57 + 128 + 1) + 57 * (128 + 1));
  expect(countParameters([8, 4], 3)).toBe(4 * 8 * (3 + 8 + 1) + 4 * 4 * (8 + 4 + 1) + 3 * (4 + 1));
  for (const [units, vocabulary] of [
    [8, 3],
    [[8.5], 3],
    [["8"], 3],
    [[8], undefined],
    [undefined, 3],
  ])
    expect(countParameters(units, vocabulary)).toBeUndefined();
});
