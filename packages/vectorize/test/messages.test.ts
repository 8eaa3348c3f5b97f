import { expect, test } from "vitest";
import {
  countStreamBatches,
  countWindowBatches,
  countWindows,
  createVocabulary,
  decode,
  encode,
  encodeStream,
  idArray,
  isVectorizeError,
  oneHotBatches,
  streamBatches,
  type VectorizeError,
  type VectorizeErrorCode,
  vocabularyFromJSON,
  windowBatches,
} from "../src/index.js";

const vocabulary = createVocabulary("ab");
const ids = new Uint8Array(100);

async function errorOf(call: () => unknown): Promise<VectorizeError> {
  try {
    await call();
  } catch (error) {
    if (isVectorizeError(error)) return error;
    throw error;
  }
  return expect.fail("nothing was refused");
}

test.each<[VectorizeErrorCode, string, Record<string, unknown>, () => unknown]>([
  ["EMPTY_TEXT", "the text is empty, a vocabulary needs at least one character", {}, () => createVocabulary("")],
  [
    "BAD_VOCABULARY",
    "a vocabulary is an array of characters, got null",
    { given: null },
    () => vocabularyFromJSON(null),
  ],
  [
    "BAD_VOCABULARY",
    'entry 1 of the vocabulary is "ab", expected a string of one character',
    { id: 1, given: "ab" },
    () => vocabularyFromJSON(["a", "ab"]),
  ],
  [
    "BAD_VOCABULARY",
    'entry 0 of the vocabulary is "", expected a string of one character',
    { id: 0, given: "" },
    () => vocabularyFromJSON([""]),
  ],
  [
    "BAD_VOCABULARY",
    'entry 1 of the vocabulary, "a" (U+0061), is not greater than the one before it: ' +
      "characters are sorted by code point, each once",
    { id: 1, given: "a" },
    () => vocabularyFromJSON(["b", "a"]),
  ],
  [
    "UNKNOWN_ID",
    "id 2 at 1 is not in the vocabulary of 2: ids are whole numbers from 0 to 1; " +
      "use the vocabulary that the text was encoded with",
    { id: 2, position: 1, vocabularySize: 2 },
    () => decode([0, 2], vocabulary),
  ],
  [
    "UNKNOWN_CHARACTERS",
    'the text has a character that the vocabulary of 2 lacks: " " (U+0020) once, at 1; ' +
      'remove them, or set unknown to "skip" or { replace: character }',
    { unknown: [{ character: " ", codePoint: "U+0020", count: 1, position: 1 }], vocabularySize: 2 },
    () => encode("a b", vocabulary),
  ],
  [
    "BAD_OPTION",
    'unknown is "drop", expected "error", "skip" or { replace: character }',
    { name: "unknown", given: "drop" },
    () => encode("", vocabulary, { unknown: "drop" as never }),
  ],
  [
    "BAD_OPTION",
    'unknown characters are to be replaced by "c", expected one character of the vocabulary',
    { name: "unknown", given: { replace: "c" } },
    () => encode("", vocabulary, { unknown: { replace: "c" } }),
  ],
  [
    "NOT_UTF8",
    "the bytes are not UTF-8, seen in the part that begins at byte 2: decode them first, and pass strings",
    { position: 2 },
    () => encodeStream([Uint8Array.of(97, 97), Uint8Array.of(255)]),
  ],
  ["BAD_OPTION", "encode takes an object of options, not 5", { given: 5 }, () => encode("", vocabulary, 5 as never)],
  [
    "BAD_OPTION",
    'windows has no option "windows": use one of window, stride',
    { option: "windows", known: ["window", "stride"] },
    () => countWindows(9, { windows: 5 } as never),
  ],
  [
    "TEXT_TOO_SHORT",
    "the text has 60 characters, a window of 60 needs at least 61: use a longer text or a smaller window",
    { length: 60, window: 60, needed: 61 },
    () => countWindowBatches(60, { window: 60, batch: 1 }),
  ],
  [
    "TEXT_TOO_SHORT",
    "the text has 100 characters, 10 streams of 10 need at least 101: use a longer text, fewer streams or shorter ones",
    { characters: 100, batch: 10, length: 10, needed: 101 },
    () => streamBatches(ids, { batch: 10, length: 10 }),
  ],
  [
    "BAD_OPTION",
    'type is "int8", expected "float32" or "uint8"',
    { name: "type", given: "int8" },
    () => oneHotBatches(ids, { window: 3, batch: 2, vocabularySize: 2, type: "int8" as never }),
  ],
  [
    "BAD_OPTION",
    "4294967297 windows are too many to shuffle, at most 4294967296: use a larger stride, or shuffle: false",
    { windows: 2 ** 32 + 1, most: 2 ** 32 },
    () => countWindowBatches(2 ** 32 + 2, { window: 1, batch: 1 }),
  ],
])("%s: %s", async (code, message, details, call) => {
  expect(await errorOf(call)).toMatchObject({ code, message, details });
});

test.each<[string, () => unknown]>([
  ["vocabularySize", () => idArray(-1, 1)],
  ["length", () => idArray(1, -1)],
  ["length", () => countWindows(-1, { window: 1 })],
  ["characters", () => countStreamBatches(-1, { batch: 1, length: 1 })],
  ["batch", () => countStreamBatches(9, { batch: -1, length: 1 })],
  ["length", () => countStreamBatches(9, { batch: 1, length: -1 })],
  ["seed", () => streamBatches(ids, { batch: 1, length: 1, seed: -1 })],
  ["epoch", () => streamBatches(ids, { batch: 1, length: 1, epoch: -1 })],
  ["from", () => streamBatches(ids, { batch: 1, length: 1, from: -1 })],
  ["seed", () => windowBatches(ids, { window: 1, batch: 1, seed: -1 })],
  ["epoch", () => windowBatches(ids, { window: 1, batch: 1, epoch: -1 })],
  ["from", () => windowBatches(ids, { window: 1, batch: 1, from: -1 })],
  ["vocabularySize", () => oneHotBatches(ids, { window: 1, batch: 1, vocabularySize: -1 })],
  ["capacity", () => encodeStream([], { capacity: -1 })],
])("a number that is out of range is named: %s (%#)", async (name, call) => {
  const { code, message, details } = await errorOf(call);
  expect(message).toMatch(new RegExp(`^${name} is -1, expected a whole number, `));
  expect([code, details]).toEqual(["BAD_OPTION", expect.objectContaining({ name, given: -1 })]);
});

test.each<[string, () => unknown]>([
  ["shuffle", () => windowBatches(ids, { window: 1, batch: 1, shuffle: "no" as never })],
  ["dropLast", () => windowBatches(ids, { window: 1, batch: 1, dropLast: "no" as never })],
  ["reuse", () => windowBatches(ids, { window: 1, batch: 1, reuse: "no" as never })],
  ["reuse", () => streamBatches(ids, { batch: 1, length: 1, reuse: "no" as never })],
  ["shift", () => streamBatches(ids, { batch: 1, length: 1, shift: "no" as never })],
])("what is neither true nor false is named: %s (%#)", async (name, call) => {
  const { code, message, details } = await errorOf(call);
  expect([code, message]).toEqual(["BAD_OPTION", `${name} is "no", expected true or false`]);
  expect(details).toEqual({ name, given: "no" });
});

test("characters that do not print are shown by number, a space is not", async () => {
  const { message } = await errorOf(() => encode("\u0301 \u00a0\u0007é", vocabulary));
  expect(message).toContain(
    '"\\u{0301}" (U+0301) once, at 0, " " (U+0020) once, at 1, "\\u{00A0}" (U+00A0) once, at 2, ' +
      '"\\u{0007}" (U+0007) once, at 3, "é" (U+00E9) once, at 4;',
  );
});

test("eight unknown characters are all named", async () => {
  const { message } = await errorOf(() => encode("12345678", vocabulary));
  expect(message).toMatch(/^the text has 8 characters .* "8" \(U\+0038\) once, at 7; remove/);
});

test("as many windows as can be shuffled are", () => {
  expect(countWindowBatches(2 ** 32 + 1, { window: 1, batch: 1 })).toBe(2 ** 32);
});

test("a batch wider than the text takes the room of the text alone", () => {
  const options = { window: 3, batch: 2 ** 50, reuse: true };
  expect(windowBatches(ids, options).next().value).toMatchObject({ rows: 97, length: 3 });
  expect(oneHotBatches(ids, { ...options, vocabularySize: 2 }).next().value).toMatchObject({ rows: 97, length: 3 });
});
