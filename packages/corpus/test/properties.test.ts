import { isExhaustive } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText } from "../src/index.js";
import { cleanOrRefuse, gutenbergOptions, pairs, randomText, uncut } from "./hostile-texts.js";

const RUNS = { numRuns: isExhaustive ? 3000 : 500 };

describe("recipe gutenberg", () => {
  test("cleaning twice equals cleaning once", () => {
    fc.assert(
      fc.property(randomText, gutenbergOptions, (text, options) => {
        const once = cleanOrRefuse(text, options);
        if (once) expect(cleanText(once.text, options).text).toBe(once.text);
      }),
      RUNS,
    );
  });

  test("nothing but the reported cuts is missing", () => {
    fc.assert(
      fc.property(randomText, fc.boolean(), (text, foldCase) => {
        const cleaned = cleanOrRefuse(text, { foldCase });
        if (!cleaned) return;
        expect(cleaned.given).toBe((foldCase ? text.toLowerCase() : text).normalize("NFC"));
        expect(uncut(cleaned)).toBe(cleaned.text);
      }),
      RUNS,
    );
  });

  test("unwrapping turns newlines into spaces and changes nothing else", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const cleaned = cleanOrRefuse(text, { unwrap: true });
        if (cleaned) expect(uncut(cleaned).replaceAll("\n", " ")).toBe(cleaned.text.replaceAll("\n", " "));
      }),
      RUNS,
    );
  });

  test("something visible is always left, in normal form C", () => {
    fc.assert(
      fc.property(randomText, gutenbergOptions, (text, options) => {
        const cleaned = cleanOrRefuse(text, options);
        expect(cleaned === undefined).toBe(!/\S/.test(text));
        if (cleaned) {
          expect(cleaned.text).toMatch(/\S/);
          expect(cleaned.text.normalize("NFC")).toBe(cleaned.text);
        }
      }),
      RUNS,
    );
  });

  test("a cut says how many characters and which lines it took", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const cleaned = cleanOrRefuse(text, {});
        for (const cut of cleaned?.cuts ?? []) {
          const { given } = cleaned!;
          const gone = pairs(cut.spans).map(([start, end]) => given.slice(start, end));
          expect(cut.places).toBe(gone.length);
          expect(cut.characters).toBe(gone.reduce((sum, piece) => sum + [...piece].length, 0));
          expect(cut.firstLine).toBe(given.slice(0, cut.spans[0]).split("\n").length);
          expect(cut.lastLine).toBe(given.slice(0, cut.spans.at(-1)! - 1).split("\n").length);
        }
      }),
      RUNS,
    );
  });
});

describe("recipe notebook", () => {
  const recipe = "notebook";

  test("a cleaned text is refused or comes back unchanged", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const once = cleanOrRefuse(text, { recipe });
        const twice = once && cleanOrRefuse(once.text, { recipe });
        if (once && twice) expect(twice.text).toBe(once.text);
      }),
      RUNS,
    );
  });

  test("nothing but the reported cuts is missing, and white space is spaces", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const cleaned = cleanOrRefuse(`${text} preface. ${text} end of the project gutenberg ebook`, { recipe });
        if (!cleaned) return;
        expect(uncut(cleaned).replace(/\s/g, " ")).toBe(cleaned.text.replace(/\s/g, " "));
        expect(cleaned.text).not.toMatch(/\n| {2}/);
      }),
      RUNS,
    );
  });
});
