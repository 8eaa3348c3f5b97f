import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint, isModelError } from "../src/checkpoint-node.js";
import { codeOf, type Forgery, forge } from "./forgery.js";

describe("charlstm.json", () => {
  test("that is not JSON after its checksum is refused", () => {
    const texts = ["", "}{", "]", '"formatVersion":1', "\ufeff", "\0", "}}", '"a":1,}', "'a':1}"];
    for (const text of texts) expect(codeOf({ text: () => text }), JSON.stringify(text)).toBe("BAD_CHECKPOINT");
    expect(codeOf({ text: () => new Uint8Array([0xff, 0xfe, 0x7d]) })).toBe("BAD_CHECKPOINT");
  });

  test("that is nested without end is refused", () => {
    for (const depth of [101, 10_000, 1_000_000]) {
      const nested = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      const forgery = { text: (text: string) => text.replace('"metadata":{', `"metadata":{"deep":${nested},`) };
      expect(codeOf(forgery)).toMatch(/^(NOT_JSON|BAD_CHECKPOINT)$/);
    }
  });

  test("that says a thing twice means the last, in every check as in what is read", () => {
    const twice = (entry: string): Forgery => ({ text: (text) => text.replace(/\}$/, `,${entry}}`) });
    expect(codeOf(twice('"formatVersion":3'))).toBe("NEWER_FORMAT");
    expect(codeOf(twice('"vocabulary":["a","a","b"]'))).toBe("BAD_CHECKPOINT");
    expect(decodeCheckpoint(forge(twice('"metadata":{"corpus":"another"}'))).metadata).toEqual({ corpus: "another" });
  });

  test("cannot change the prototype of anything", () => {
    const forgery: Forgery = {
      text: (text) =>
        text.replace('"metadata":{', '"__proto__":{"polluted":1},"metadata":{"__proto__":{"polluted":1},'),
    };
    const { metadata } = decodeCheckpoint(forge(forgery));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
    expect((metadata as { polluted?: number }).polluted).toBeUndefined();
  });

  test("with anything in place of anything is refused by code, or read as something that can be saved again", () => {
    fc.assert(
      fc.property(fc.nat(), fc.anything({ withNullPrototype: false }), (pick, value) => {
        const forgery: Forgery = {
          manifest: (manifest) => {
            const places = placesIn(manifest);
            const [parent, name] = places[pick % places.length]!;
            (parent as Record<string, unknown>)[name] = JSON.parse(
              JSON.stringify([value], (_, part) => (typeof part === "bigint" ? 1 : part)),
            )[0];
          },
        };
        const files = forge(forgery);
        let read: ReturnType<typeof decodeCheckpoint>;
        try {
          read = decodeCheckpoint(files);
        } catch (error) {
          if (!isModelError(error)) throw error;
          return;
        }
        expect(decodeCheckpoint(encodeCheckpoint(read))).toEqual(read);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Every value in a JSON object, as the object or list it is in and its name there. */
function placesIn(value: unknown): [parent: object, name: string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [[value, name] as [object, string], ...placesIn(part)]);
}
