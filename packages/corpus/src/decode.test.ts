import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, isCorpusError } from "./index.js";

const SAMPLE = "Die Größe des Œuvres: “déjà vu” – naïve\n";
const bytesOf = (text: string) => new TextEncoder().encode(text);

function utf16(text: string, order: "le" | "be", mark: boolean): Uint8Array {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  if (mark) units.unshift(0xfeff);
  return new Uint8Array(units.flatMap((unit) => (order === "le" ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])));
}

test.each([
  ["little", false, false],
  ["little", false, true],
  ["big", true, false],
  ["big", true, true],
])("UTF-32, %s end first, is refused with the way out (big: %s, byte order mark: %s)", (_, isBig, mark) => {
  const points = [...`${mark ? "\ufeff" : ""}Déjà 𝄞 吾輩\n`].map((character) => character.codePointAt(0)!);
  const view = new DataView(new ArrayBuffer(4 * points.length));
  for (const [index, point] of points.entries()) view.setUint32(4 * index, point, !isBig);
  expect(() => decodeText(new Uint8Array(view.buffer))).toThrow(
    expect.objectContaining({
      code: "BINARY_FILE",
      details: { encoding: "utf-32", reason: "utf-32" },
      message: expect.stringContaining("save it as UTF-8 (iconv"),
    }),
  );
});

test("a name with another behind it is known; what is no name is refused as one that nobody knows", () => {
  const bytes = Uint8Array.of(0x43, 0xe1);
  for (const encoding of ["ISO 8859-2 (Latin-2)", "windows-1250; Central European", "latin2, I think"])
    expect(decodeText(bytes, { encoding }).text).toBe("Cá");
  for (const encoding of [null, 5, {}, [], "(", "(none)"])
    expect(() => decodeText(bytes, { encoding: encoding as string })).toThrow(
      expect.objectContaining({ code: "BAD_OPTION", message: expect.stringContaining("nobody knows") }),
    );
});

describe("bytes are read", () => {
  test.each([
    ["UTF-8", bytesOf(SAMPLE), "utf-8"],
    ["UTF-8 with a byte order mark", bytesOf(`\ufeff${SAMPLE}`), "utf-8"],
    ["UTF-16, little end first, with a byte order mark", utf16(SAMPLE, "le", true), "utf-16le"],
    ["UTF-16, big end first, with a byte order mark", utf16(SAMPLE, "be", true), "utf-16be"],
  ])("as %s", (_, bytes, encoding) => {
    expect(decodeText(bytes)).toEqual({ text: SAMPLE, encoding, warnings: [] });
  });

  test.each(["le", "be"] as const)("as UTF-16 %s without a byte order mark", (order) => {
    expect(decodeText(utf16("Plain letters\n", order, false))).toEqual({
      text: "Plain letters\n",
      encoding: `utf-16${order}`,
      warnings: [],
    });
  });

  test("as windows-1252 when they are not UTF-8 and nothing is declared", () => {
    expect(decodeText(Uint8Array.of(0x93, 0x64, 0xe9, 0x6a, 0xe0, 0x94))).toEqual({
      text: "“déjà”",
      encoding: "windows-1252",
      warnings: [],
    });
  });

  test("as the header declares, when they are not UTF-8", () => {
    const header = bytesOf("Title: x\n\nCharacter set encoding: ISO-8859-2\n\n");
    const { text, encoding } = decodeText(Uint8Array.of(...header, 0xb3, 0xf3, 0x64, 0xbc));
    expect(encoding).toBe("iso-8859-2");
    expect(text.endsWith("łódź")).toBe(true);
  });

  test.each(["UTF-8", "ASCII", "Klingon-1"])("as windows-1252 when the header wrongly declares %s", (declared) => {
    const header = bytesOf(`Character set encoding: ${declared}\n`);
    expect(decodeText(Uint8Array.of(...header, 0xe9)).text.at(-1)).toBe("é");
  });

  test("with every line end as a line feed", () => {
    expect(decodeText(bytesOf("a\r\nb\rc\n\r\nd")).text).toBe("a\nb\nc\n\nd");
  });
});

describe("bytes that are no text", () => {
  test.each([
    ["a PNG", "89504e470d0a1a0a0000000d494844520000"],
    ["a zip archive", "504b03041400000008000000210036"],
    ["gzip", "1f8b080000000000000303000000000000000000"],
    ["a PDF", "255044462d312e340a25c3a4c3bc"],
    ["zeros", "0000000000000000"],
  ])("like %s are refused", (_, hex) => {
    expect(() => decodeText(new Uint8Array(Buffer.from(hex, "hex")))).toThrow(
      expect.objectContaining({ code: "BINARY_FILE" }),
    );
  });

  test("are refused by a typed error, whatever they are, or read without a carriage return", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        try {
          expect(decodeText(bytes).text).not.toContain("\r");
        } catch (error) {
          if (!isCorpusError(error)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("control characters", () => {
  const read = (text: string) => decodeText(bytesOf(text)).text;
  const refused = expect.objectContaining({ code: "BINARY_FILE" });

  test("of old texts are text: tabs, feeds, and the end-of-file mark of DOS", () => {
    for (const control of ["\t", "\n", "\v", "\f", "\x1a"]) expect(read(control.repeat(50))).toBe(control.repeat(50));
  });

  test("of other kinds may be one in a hundred characters", () => {
    for (const control of ["\x01", "\x08", "\x0e", "\x1b", "\x1f", "\x7f", "\ufffd"]) {
      expect([control, read(`${"a".repeat(99)}${control}`)]).toEqual([control, `${"a".repeat(99)}${control}`]);
      expect(() => read(`${"a".repeat(98)}${control}`)).toThrow(refused);
    }
    expect(() => read(`${"a".repeat(200_000)}\0`)).toThrow(refused);
    expect(read(`${"a".repeat(65_536)}${"\x01".repeat(2_000)}`)).toHaveLength(67_536);
  });
});

describe("UTF-16 without a byte order mark", () => {
  test("has a zero in more than a fifth of its bytes, all on one side", () => {
    const few = (order: "le" | "be") => utf16(`${"Ж".repeat(59)}${"a".repeat(41)}`, order, false);
    expect(decodeText(few("le")).encoding).toBe("utf-16le");
    expect(decodeText(few("be")).encoding).toBe("utf-16be");
    const odd = Uint8Array.of(...utf16("plain", "le", false), 97);
    expect(() => decodeText(odd)).toThrow(expect.objectContaining({ code: "BINARY_FILE" }));
    const fewer = utf16(`${"Ж".repeat(60)}${"a".repeat(40)}`, "le", false);
    expect(() => decodeText(fewer)).toThrow(expect.objectContaining({ code: "BINARY_FILE" }));
    const both = Uint8Array.of(97, 0, 97, 0, 0, 97);
    expect(() => decodeText(both)).toThrow(expect.objectContaining({ code: "BINARY_FILE" }));
  });
});

test("bytes of windows-1252 that are nothing stay control characters", () => {
  const bytes = Uint8Array.of(...bytesOf("a".repeat(100)), 0x80, 0x81, 0x9f);
  expect(decodeText(bytes).text).toBe(`${"a".repeat(100)}€\x81Ÿ`);
});

test("a header declares its encoding at the start of a line, within 20,000 bytes", () => {
  const encodingOf = (header: string) => decodeText(Uint8Array.of(...bytesOf(header), 0xb3)).encoding;
  expect(encodingOf("Title: x\ncharacter set encoding:\tiso-8859-2\n")).toBe("iso-8859-2");
  expect(encodingOf("The character set encoding: iso-8859-2\n")).toBe("windows-1252");
  expect(encodingOf("Character set encoding: utf8\n")).toBe("windows-1252");
  expect(encodingOf(`${"x\n".repeat(10_000)}Character set encoding: iso-8859-2\n`)).toBe("windows-1252");
});

describe("a UTF-8 text with bytes that are none", () => {
  const text = "“One”\n“Two” – three\n";

  test("is read as UTF-8, and those bytes as windows-1252, with a warning that names the line", () => {
    const bytes = Uint8Array.of(...bytesOf(text), 0x92, ...bytesOf(text));
    expect(decodeText(bytes)).toEqual({
      text: `${text}’${text}`,
      encoding: "utf-8",
      warnings: [
        {
          code: "MIXED_ENCODING",
          message: "1 byte is not UTF-8 in a text that is (the first in line 3): read as windows-1252",
        },
      ],
    });
  });

  test("with a byte order mark is no other", () => {
    const bytes = Uint8Array.of(...bytesOf(`\ufeff${text}`), 0x92);
    expect(decodeText(bytes)).toMatchObject({ text: `${text}’`, warnings: [{ code: "MIXED_ENCODING" }] });
  });

  test("that ends within a character loses that character, and says so", () => {
    for (const mark of ["", "\ufeff"]) {
      const bytes = bytesOf(`${mark}${text}“`).subarray(0, -1);
      expect(decodeText(bytes)).toMatchObject({ text, encoding: "utf-8", warnings: [{ code: "BYTES_LOST" }] });
    }
  });

  test("takes the bytes for what the header declares", () => {
    const header = "Character set encoding: ISO-8859-2\n“łódź”\n";
    expect(decodeText(Uint8Array.of(...bytesOf(header), 0xb3)).text).toBe(`${header}ł`);
  });

  test("has more right characters than wrong bytes: else it is another encoding", () => {
    expect(decodeText(Uint8Array.of(...bytesOf("é"), 0xe9, 0x20, 0xe9, 0x20)).encoding).toBe("windows-1252");
  });

  test("comes back whole but for its flaws, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 0x80, max: 0xbf }),
        (words, at, byte) => {
          const clean = `“${words.replace(/[\p{C}\ufeff]/gu, "")}”\n`;
          const place = [...clean].slice(0, at % [...clean].length).join("");
          const bytes = Uint8Array.of(...bytesOf(place), byte, ...bytesOf(clean.slice(place.length)));
          const read = decodeText(bytes);
          expect(read.encoding).toBe("utf-8");
          expect([...read.text].length).toBe([...clean].length + 1);
        },
      ),
    );
  });
});

describe("an encoding", () => {
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

  // The bytes are Python's, of its own codecs.
  test.each([
    ["CP-1251", "windows-1251", "cff0e8e2e5f2", "Привет"],
    ["Windows Code Page 1251", "windows-1251", "cff0e8e2e5f2", "Привет"],
    ["Windows-1251", "windows-1251", "cff0e8e2e5f2", "Привет"],
    ["KOI8-R", "koi8-r", "f0d2c9d7c5d4", "Привет"],
    ["MacRoman", "macintosh", "d26f7ed3208e", "“o~” é"],
    ["Mac Roman", "macintosh", "8e", "é"],
    ["x-mac-cyrillic", "x-mac-cyrillic", "8ff0e8e2e5f2", "Привет"],
    ["IBM850", "ibm850", "82 9b e1", "éøß"],
    ["CP850", "ibm850", "82 9b e1", "éøß"],
    ["CP437", "ibm437", "82 9b e1", "é¢ß"],
    ["DOS 437", "ibm437", "e3 f6", "π÷"],
    ["cp852", "ibm852", "88 a2 64 ab", "łódź"],
    ["IBM866", "ibm866", "8fe0a8a2a5e2", "Привет"],
    ["ISO-8859-1", "windows-1252", "e9", "é"],
    ["ISO Latin-1", "windows-1252", "e9", "é"],
    ["iso 8859-15", "iso-8859-15", "a4", "€"],
    ["ISO_8859-2:1987", "iso-8859-2", "b3f3", "łó"],
    ["GB18030", "gb18030", "c4e3bac3", "你好"],
    ["gb2312", "gbk", "c4e3bac3", "你好"],
    ["Big5", "big5", "a741a66e", "你好"],
    ["Shift_JIS", "shift_jis", "93fa967b", "日本"],
    ["Shift JIS", "shift_jis", "93fa967b", "日本"],
    ["EUC-JP", "euc-jp", "c6fccbdc", "日本"],
    ["ISO-2022-JP", "iso-2022-jp", "1b2442467c4b5c1b2842", "日本"],
    ["UTF 8", "utf-8", "c3a9", "é"],
  ])("named %s is %s, when the user, a server or the header says so", (label, encoding, hex, text) => {
    const given = bytes(hex.replaceAll(" ", ""));
    expect(decodeText(given, { encoding: label })).toEqual({ text, encoding, warnings: [] });
    expect(decodeText(given, { charset: label })).toEqual({ text, encoding, warnings: [] });
    const header = bytesOf(`Character set encoding: ${label}\n`);
    expect(decodeText(Uint8Array.of(...header, ...given)).text.split("\n")[1]).toBe(text);
  });

  test("that a server names wrongly for a UTF-8 text is not used", () => {
    expect(decodeText(bytesOf(SAMPLE), { charset: "iso-8859-1" })).toEqual({
      text: SAMPLE,
      encoding: "utf-8",
      warnings: [],
    });
  });

  test("that nobody knows is told, and windows-1252 taken", () => {
    expect(decodeText(Uint8Array.of(0xe9), { charset: "klingon" })).toEqual({
      text: "é",
      encoding: "windows-1252",
      warnings: [{ code: "ENCODING_UNKNOWN", message: expect.stringContaining('"klingon"') }],
    });
    expect(() => decodeText(Uint8Array.of(0xe9), { encoding: "klingon" })).toThrow(
      expect.objectContaining({ code: "BAD_OPTION", message: expect.stringContaining("cp1251") }),
    );
  });

  test("that the user names wrongly leaves a trace", () => {
    expect(decodeText(Uint8Array.of(...bytesOf("a".repeat(300)), 0xff, 0xff), { encoding: "gb18030" })).toMatchObject({
      warnings: [{ code: "BYTES_LOST", message: expect.stringContaining("gb18030") }],
    });
  });
});

describe("what is no plain text is refused with its reason", () => {
  const reasonOf = (text: string) => {
    try {
      decodeText(bytesOf(text), "the file");
    } catch (error) {
      if (isCorpusError(error)) return [error.code, error.details.reason, error.message];
    }
    return undefined;
  };
  const says = (reason: string, words: RegExp) => ["BINARY_FILE", reason, expect.stringMatching(words)];

  test("HTML, also under a header of Project Gutenberg", () => {
    const page = "<!DOCTYPE html>\n<html><body><p>One.</p></body></html>\n";
    expect(reasonOf(page)).toEqual(says("html", /the file is no plain text: it is a web page.*Plain Text UTF-8/));
    const lines = "<p>The keeper of the lamp came down.</p>\n".repeat(20);
    expect(reasonOf(`<pre>\nThe Project Gutenberg EBook of X\n</pre>\n${lines}`)).toEqual(says("html", /HTML/));
    expect(reasonOf(`The Project Gutenberg EBook of X\n\n<html>\n${lines}</html>\n`)).toEqual(says("html", /HTML/));
  });

  test("HTML with long paragraphs, under a header of Project Gutenberg", () => {
    const paragraph = `<p>${"The keeper of the lamp came down. ".repeat(20)}</p>\n\n`;
    const page = `<pre>\nThe Project Gutenberg EBook of X\n</pre>\n${paragraph.repeat(60)}`;
    expect(reasonOf(page)).toEqual(says("html", /HTML/));
    const lesson = `${"It has paragraphs, of which there are many.\n\n".repeat(40)}<p>Like this one.</p>\n\n`.repeat(9);
    expect(reasonOf(lesson)).toBeUndefined();
  });

  test("but a text about HTML is text", () => {
    const lesson = `A page begins with <html> and ends with </html>.\n${"It has paragraphs, of which there are many.\n".repeat(50)}`;
    expect(reasonOf(lesson)).toBeUndefined();
  });

  test("RTF, coloured logs and zero bytes", () => {
    expect(reasonOf("{\\rtf1\\ansi The lamp.}")).toEqual(says("rtf", /RTF; save it as plain text/));
    const log = "\x1b[32mok\x1b[0m the lamp is lit\n".repeat(100);
    expect(reasonOf(log)).toEqual(says("colours", /200 colour codes.*sed 's/));
    expect(reasonOf(`${"a line\n".repeat(20_000)}x\0y`)).toEqual(says("zero-bytes", /a zero byte in line 20001/));
  });
});
