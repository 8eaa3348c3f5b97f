import { createVocabulary, decode } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { encodePrompt, namesOf } from "./prompt.js";

const vocabulary = createVocabulary("abcdefghijklmnopqrstuvwxyz '\"-.");

test("a prompt of known characters is encoded as it is", () => {
  expect(decode(encodePrompt("it is a truth", vocabulary, "error"), vocabulary)).toBe("it is a truth");
});

test("unknown characters are refused by name", () => {
  expect(() => encodePrompt("Café €5", vocabulary, "error")).toThrow(
    /"C" \(U\+0043\), "é" \(U\+00E9\), "€" \(U\+20AC\), "5" \(U\+0035\)/,
  );
});

test("skip leaves unknown characters out", () => {
  expect(decode(encodePrompt("It €is", vocabulary, "skip"), vocabulary)).toBe("t is");
});

test("nearest folds case, curly quotes, dashes, line ends and accents", () => {
  expect(decode(encodePrompt("“It’s—Café”\nﬁn", vocabulary, "nearest"), vocabulary)).toBe('"it\'s-cafe" fin');
});

test("nearest finds capitals where a vocabulary has no small letters", () => {
  const capitals = createVocabulary("ABC ");
  expect(decode(encodePrompt("abc", capitals, "nearest"), capitals)).toBe("ABC");
});

test("nearest still refuses what has no neighbour", () => {
  expect(() => encodePrompt("a漢", vocabulary, "nearest")).toThrow(/漢/);
});

test("a prompt with nothing left of it is refused", () => {
  for (const prompt of ["", "€"]) {
    expect(() => encodePrompt(prompt, vocabulary, "skip")).toThrow(expect.objectContaining({ code: "EMPTY_PROMPT" }));
  }
});

test("a quotation mark of the other kind is taken, curly for straight and straight for curly, with every policy", () => {
  const curly = createVocabulary("abcdefghijklmnopqrstuvwxyz OMB‘’“”,.\n");
  for (const unknown of ["error", "skip", "nearest"] as const) {
    const read = (prompt: string, known = vocabulary) => decode(encodePrompt(prompt, known, unknown), known);
    expect(read("“oh, mr. bennet’s".replaceAll(",", ""))).toBe("\"oh mr. bennet's");
    expect(read(`"Oh, 'Mr. Bennet's' "`, curly)).toBe("“Oh, ‘Mr. Bennet’s’ “");
    expect(read(`Oh."\n"Oh`, curly)).toBe("Oh.”\n“Oh");
    expect(read("«oh»")).toBe('"oh"');
  }
});

test("where a vocabulary has one curly mark alone, it stands for both", () => {
  const apostrophe = createVocabulary("tis ’");
  expect(decode(encodePrompt("'tis", apostrophe, "error"), apostrophe)).toBe("’tis");
});

test("nearest takes other dashes, spaces and dots, both ways", () => {
  const typed = createVocabulary("ab—\n…");
  expect(decode(encodePrompt("a-b a", typed, "nearest"), typed)).toBe("a—b\na");
  expect(decode(encodePrompt("a…\u00a0b—a", vocabulary, "nearest"), vocabulary)).toBe("a... b-a");
});

test("a refusal names ten characters, counts the others, and says what else could be done", () => {
  const many = "ΑΒΓΔΕΖΗΘΙΚΛΜ";
  expect(namesOf([...many])).toBe(
    `${[...many.slice(0, 10)]
      .map((character) => `"${character}" (U+0${character.codePointAt(0)!.toString(16).toUpperCase()})`)
      .join(", ")} and 2 more`,
  );
  expect(namesOf(["𝄞"])).toBe('"𝄞" (U+1D11E)');
  const refusal = (unknown: "error" | "nearest") => {
    try {
      return String(encodePrompt("ΩaΩ", vocabulary, unknown));
    } catch (error) {
      const { code, message, details } = error as { code: string; message: string; details: object };
      return { code, message, details };
    }
  };
  const told =
    'the prompt has characters that the model never saw: "Ω" (U+03A9); write it without them, or leave them out with "skip"';
  expect(refusal("nearest")).toEqual({
    code: "UNKNOWN_PROMPT_CHARACTERS",
    message: told,
    details: { characters: ["Ω"], unknown: "nearest" },
  });
  expect(refusal("error")).toMatchObject({ message: `${told}, or take the nearest known ones with "nearest"` });
});
