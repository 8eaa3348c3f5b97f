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

describe("bytes are read", () => {
  test.each([
    ["UTF-8", bytesOf(SAMPLE), "utf-8"],
    ["UTF-8 with a byte order mark", bytesOf(`\ufeff${SAMPLE}`), "utf-8"],
    ["UTF-16, little end first, with a byte order mark", utf16(SAMPLE, "le", true), "utf-16le"],
    ["UTF-16, big end first, with a byte order mark", utf16(SAMPLE, "be", true), "utf-16be"],
  ])("as %s", (_, bytes, encoding) => {
    expect(decodeText(bytes)).toEqual({ text: SAMPLE, encoding });
  });

  test.each(["le", "be"] as const)("as UTF-16 %s without a byte order mark", (order) => {
    expect(decodeText(utf16("Plain letters\n", order, false))).toEqual({
      text: "Plain letters\n",
      encoding: `utf-16${order}`,
    });
  });

  test("as windows-1252 when they are not UTF-8 and nothing is declared", () => {
    expect(decodeText(Uint8Array.of(0x93, 0x64, 0xe9, 0x6a, 0xe0, 0x94))).toEqual({
      text: "“déjà”",
      encoding: "windows-1252",
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
