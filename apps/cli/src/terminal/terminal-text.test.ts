import fc from "fast-check";
import { expect, test } from "vitest";
import { terminalJson, terminalLine, terminalText } from "./terminal-text.js";

/** Stated anew, from Unicode's own classes and names, so that the table in the module is not its own judge. */
function isCommand(character: string): boolean {
  if (character === "\n" || character === "\t" || character === "\u200c" || character === "\u200d") return false;
  return /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b\u2060\ufeff\u{e0001}\u{e0041}]/u.test(character);
}

const texts = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x10ffff }), fc.integer({ min: 0, max: 0x2100 })))
  .map((codes) => String.fromCodePoint(...codes.filter((code) => code < 0xd800 || code > 0xdfff)));

test("no text brings a control, a turn of direction or a hidden character to a terminal", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect([...terminalText(text)].filter(isCommand)).toEqual([]);
      expect([...terminalLine(text)].filter((character) => isCommand(character) || /[\t\n]/.test(character))).toEqual(
        [],
      );
    }),
  );
});

test("JSON means the same, and brings none either", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const line = terminalJson({ text });
      expect(JSON.parse(line)).toEqual({ text });
      expect([...line].filter(isCommand)).toEqual([]);
    }),
  );
});

test.each([
  ["\\x1b]0;owned\\x07", "\u001b]0;owned\u0007"],
  ["\\x9b31mred", "\u009b31mred"],
  ["over\\rwritten", "over\rwritten"],
  ["a\\x08b\\x7f", "a\bb\u007f"],
  ["invoice\\u202efdp.exe", "invoice\u202efdp.exe"],
  ["pass\\u200bword \\ufeff", "pass\u200bword \ufeff"],
  ["ad\\u200dmin", "ad\u200dmin"],
  ["tag\\u{e0041}", "tag\u{e0041}"],
])("a control is shown: %s", (shown, text) => {
  expect(terminalText(text)).toBe(shown);
});

test("what people write stays as it is: lines, tabs, every script, joined letters and emoji", () => {
  const text = "It was\n\tthe best — “of” naïve 時代 עברית نمی\u200cخواهم क्\u200dष 👩\u200d🚀";
  expect(terminalText(text)).toBe(text);
});

test("a name cannot begin a line of its own", () => {
  expect(terminalLine("Title\ncharlstm: all is well\t!")).toBe("Title\\ncharlstm: all is well\\t!");
});
