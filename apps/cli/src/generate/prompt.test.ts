import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { temporaryFolder } from "@charlstm/testing";
import { itemMark, TrainingError } from "@charlstm/training";
import { createVocabulary } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { ioIn } from "../../test/invoke.js";
import type { GenerateFlags } from "./options.js";
import { inFlags, promptOf } from "./prompt.js";

const vocabulary = createVocabulary("ab");
const folded = { corpus: { recipe: "gutenberg", cleaning: { foldCase: true } } };

/** What a text starts from with these flags, in a folder with a file. */
async function promptWith(
  flags: object,
  metadata: object = {},
  { characters = vocabulary, stdin = "", file = "" } = {},
) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "p.txt"), file);
  const io = { ...ioIn(folder), stdin: Readable.from([Buffer.from(stdin)]) };
  return promptOf(io, flags as GenerateFlags, metadata as never, characters);
}

test("a text starts from what was typed, stdin or a file, cleaned as the model's text was", async () => {
  expect(await promptWith({ prompt: "A\r\nB" })).toBe("A\nB");
  expect(await promptWith({ prompt: "A\r\nB" }, folded)).toBe("a\nb");
  expect(await promptWith({ prompt: "-" }, folded, { stdin: "From STDIN" })).toBe("from stdin");
  expect(await promptWith({ promptFile: "p.txt" }, folded, { file: "A File" })).toBe("a file");
});

test("else from the beginning of the book, the first character of a model that does not tell it, or nothing for items", async () => {
  expect(await promptWith({}, { prompt: "It is a" })).toBe("It is a");
  expect(await promptWith({})).toBe("a");
  expect(await promptWith({}, { prompt: "It" }, { characters: createVocabulary(`ab${itemMark}`) })).toBe("");
});

test("a file that is none, and one larger than any context, are refused by their path", async () => {
  const refused = (promptFile: string, file = "") =>
    promptWith({ promptFile }, {}, { file }).catch((error: unknown) => error);
  for (const path of [".", "none.txt"])
    expect(await refused(path)).toMatchObject({ code: "BAD_USAGE", message: expect.stringContaining("is no file") });
  expect(await refused("p.txt", "a".repeat(2 ** 20 + 1))).toMatchObject({
    code: "BAD_USAGE",
    message: expect.stringMatching(/p\.txt has 1048577 bytes: give at most 1048576$/),
  });
  expect(await refused("p.txt", "a".repeat(2 ** 20))).toHaveLength(2 ** 20);
});

test("characters that the model never saw are named, with the flags that help, and other errors stay what they are", () => {
  const strange = (unknown: string) =>
    new TrainingError("UNKNOWN_PROMPT_CHARACTERS", "in the library's words", { characters: ["é", "\t"], unknown });
  const { message, code, cause } = inFlags(strange("error")) as Error & { code: string };
  expect(code).toBe("UNKNOWN_PROMPT_CHARACTERS");
  expect(cause).toBeInstanceOf(TrainingError);
  expect(message).toMatch(/never saw: .*é.*--unknown skip\), or take the nearest that it knows \(--unknown nearest\)$/);
  expect((inFlags(strange("nearest")) as Error).message).toMatch(/\(--unknown skip\)$/);
  const others = [new Error("another"), new TrainingError("TEXT_TOO_SHORT", "short", {}), "no error"];
  for (const other of others) expect(inFlags(other)).toBe(other);
});
