import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { parseSampleFile, readSamples } from "./read-samples.js";

const line = "-".repeat(50);
const fileOf = (epoch: number, prompt: string, texts: readonly (readonly [string, string])[]) =>
  `Epoch: ${epoch}\nGenerating with seed:\n${prompt}${texts.map(([temperature, text]) => `\n${line}\nTemperature: ${temperature}\n${prompt}${text}`).join("")}\n`;

test("a file of samples is an epoch, a prompt and what was written at each temperature", () => {
  const texts = [
    ["0.5", "one\ntwo"],
    ["1", ""],
    ["1e-7", "three"],
    ["1.5e+21", "-".repeat(60)],
  ] as const;
  expect(parseSampleFile(fileOf(12, "It is\na truth", texts))).toEqual({
    ...{ epoch: 12, prompt: "It is\na truth" },
    texts: texts.map(([temperature, text]) => ({ temperature: Number(temperature), text })),
  });
  expect(parseSampleFile(fileOf(3, "alone", []))).toEqual({ epoch: 3, prompt: "alone", texts: [] });
});

test("a text that has such lines itself is whole, and one that lost its last line end too", () => {
  const text = `a\n${line}\nTemperature: 0.2\nb`;
  const file = fileOf(1, "prompt", [["0.5", text]]);
  const expected = { epoch: 1, prompt: "prompt", texts: [{ temperature: 0.5, text }] };
  expect(parseSampleFile(file)).toEqual(expected);
  expect(parseSampleFile(file.slice(0, -1))).toEqual(expected);
});

test.each([
  "",
  "Epoch: x\nGenerating with seed:\na\n",
  "\nEpoch: 1\nGenerating with seed:\na\n",
  "Epoch: 1\nGenerating with seed:\nno end",
])("%j holds no samples", (text) => {
  expect(parseSampleFile(text)).toBeUndefined();
});

test("the files of a folder are read in the order of their epochs; what is none is named, and other files are not looked at", async () => {
  const folder = temporaryFolder();
  expect(await readSamples(join(folder, "none"))).toEqual({ samples: [], notes: [] });
  mkdirSync(join(folder, "s"));
  for (let epoch = 1; epoch <= 34; epoch++)
    writeFileSync(join(folder, "s", `epoch_${epoch}.txt`), fileOf(epoch, "p", []));
  for (const other of ["epoch_35.txt", "my_epoch_1.txt", "epoch_1.txt.bak", "epoch_a.txt"])
    writeFileSync(join(folder, "s", other), "something else");
  const { samples, notes } = await readSamples(join(folder, "s"));
  expect(samples.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
  expect(notes).toEqual(["epoch_35.txt does not hold an epoch's samples and is left out."]);
});
