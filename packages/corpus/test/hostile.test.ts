// Any text, through both recipes. The suite tries some; `pnpm --filter @charlstm/reliability corpus --texts 100000` tries many.
import { corpusFile, corpusNames } from "@charlstm/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CleanOptions, cleanText, decodeText, isCorpusError } from "../src/index.js";
import { eras } from "./eras.js";
import {
  cleanOrRefuse,
  expectSame,
  expectSameButForSpaces,
  gutenbergOptions,
  pieces,
  randomText,
  uncut,
} from "./hostile-texts.js";

const texts = Number(process.env.CHARLSTM_TEXTS ?? 200);
const runs = { numRuns: texts / 2, seed: Number(process.env.CHARLSTM_SEED ?? 1) };
const timeout = 60_000 + 100 * texts; // milliseconds; a hang is longer

/** The real books where they are, and a file of each era of Project Gutenberg's. */
const files = new Map<string, Buffer>([
  ...eras.map(({ name, file }): [string, Buffer] => [name, Buffer.from(file)]),
  ...corpusNames().map((name): [string, Buffer] => [name, corpusFile(name)]),
]);

const where = fc.double({ min: 0, max: 1, noNaN: true });
const edit = fc.oneof(
  fc.record({ at: where, drop: fc.nat(200), put: fc.uint8Array({ maxLength: 4 }) }),
  fc.record({ at: where, drop: fc.constantFrom(0, 1, 5000), put: fc.constantFrom(...pieces).map(bytesOf) }),
  fc.record({ at: where, drop: fc.nat(3), put: fc.constantFrom("\r", "\r\n", "\0", "\ufeff", "\u2028").map(bytesOf) }),
  fc.record({
    at: where,
    drop: fc.constant(0),
    put: fc.tuple(fc.constantFrom(...pieces), fc.nat(400)).map(([piece, times]) => bytesOf(piece.repeat(times))),
  }),
);

interface Mutation {
  file: string;
  /** Bytes of the middle that stay. */
  keep: number;
  edits: readonly { at: number; drop: number; put: Uint8Array }[];
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  file: fc.constantFrom(...files.keys()),
  keep: fc.nat(12_000), // few, so that the edges, where the rules work, are mutated
  edits: fc.array(edit, { maxLength: 8 }),
});

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

/** A file's head and tail with some bytes dropped and others put in. */
function mutate({ file, keep, edits }: Mutation): Buffer {
  const whole = files.get(file)!;
  const isLong = whole.length > 50_000;
  let bytes = isLong ? Buffer.concat([whole.subarray(0, 14_000 + keep), whole.subarray(-24_000)]) : whole;
  for (const { at, drop, put } of edits) {
    const start = Math.floor(at * bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + drop)]);
  }
  return bytes;
}

/** Both recipes, twice: refused by a typed error, or the same text again with nothing missing but what is reported as cut. */
function checkRecipes(text: string, options: CleanOptions): void {
  const once = cleanOrRefuse(text, options);
  expect(once === undefined).toBe(!/\S/.test(text));
  if (once) {
    expect(once.text).toMatch(/\S/);
    expectSameButForSpaces(uncut(once), once.text); // unwrapping makes spaces
    expectSame(cleanText(once.text, options).text, once.text);
  }
  const notebook = cleanOrRefuse(text, { recipe: "notebook" });
  if (!notebook) return;
  expectSameButForSpaces(uncut(notebook), notebook.text);
  const again = cleanOrRefuse(notebook.text, { recipe: "notebook" });
  if (again) expectSame(again.text, notebook.text);
}

test(
  "generated texts are cleaned, once as twice, or refused by a typed error",
  () => {
    fc.assert(fc.property(randomText, gutenbergOptions, checkRecipes), runs);
  },
  timeout,
);

test(
  "books with mutated bytes are cleaned, once as twice, or refused by a typed error",
  () => {
    const property = fc.property(mutation, gutenbergOptions, (changes, options) => {
      try {
        checkRecipes(decodeText(mutate(changes)).text, options);
      } catch (error) {
        if (!isCorpusError(error)) throw error; // bytes that are no text
      }
    });
    fc.assert(property, runs);
  },
  timeout,
);
