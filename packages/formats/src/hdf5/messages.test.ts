// Messages as the HDF5 File Format Specification lays them out, byte by byte.
import { describe, expect, test } from "vitest";
import { readAttribute } from "./attribute.js";
import { Bytes } from "./bytes.js";
import { readChunkIndex } from "./chunk-index.js";
import { readDataspace, readDatatype, readLimits } from "./datatype.js";
import { MessageType } from "./object-header.js";

const bytes = (...values: number[]) => new Bytes(Uint8Array.from(values));
const eight = (value: number) => [value, 0, 0, 0, 0, 0, 0, 0];
const endless = Array.from({ length: 8 }, () => 0xff);

describe("a dataspace", () => {
  test("of version 1 has its lengths behind eight bytes, of version 2 behind four", () => {
    expect(readDataspace(bytes(1, 2, 0, 0, 0, 0, 0, 0, ...eight(3), ...eight(4)), 0)).toEqual([3, 4]);
    expect(readDataspace(bytes(2, 2, 0, 1, ...eight(3), ...eight(4)), 0)).toEqual([3, 4]);
  });

  test("of a scalar has no dimension, a null one holds nothing", () => {
    expect(readDataspace(bytes(2, 0, 0, 0), 0)).toEqual([]);
    expect(readDataspace(bytes(2, 0, 0, 2), 0)).toEqual([0]);
  });

  test("may grow to limits, which lie behind the lengths, or without one", () => {
    expect(readLimits(bytes(2, 2, 1, 1, ...eight(3), ...eight(4), ...eight(9), ...endless), 0)).toEqual([9, undefined]);
    expect(readLimits(bytes(1, 1, 1, 0, 0, 0, 0, 0, ...eight(3), ...endless), 0)).toEqual([undefined]);
    expect(readLimits(bytes(2, 1, 0, 1, ...eight(3)), 0)).toEqual([3]);
  });

  test("is refused where its version or its number of dimensions is none", () => {
    expect(() => readDataspace(bytes(3, 0, 0, 0), 0)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_FILE" }));
    expect(() => readDataspace(bytes(2, 33, 0, 1), 0)).toThrow(expect.objectContaining({ code: "CORRUPT_FILE" }));
  });
});

describe("a type of numbers", () => {
  /** A float: version 1 and class 1, size, and how many bits its exponent has. */
  const float = (size: number, exponentBits: number) =>
    bytes(0x11, 0x20, 0, 0, size, 0, 0, 0, 0, 0, 8 * size, 0, 0, exponentBits, 0, 0, 0, 0, 0, 0);

  test.each([
    [2, 5, false],
    [2, 8, true],
    [4, 8, false],
    [8, 11, false],
  ])("of %i bytes with an exponent of %i bits is a bfloat: %s", (size, bits, isBfloat) => {
    expect(readDatatype(float(size, bits), 0)).toEqual({ kind: "float", size, isBfloat });
  });

  test.each([
    [2, 4],
    [4, 5],
    [8, 8],
  ])("of %i bytes with an exponent of %i bits is refused", (size, bits) => {
    expect(() => readDatatype(float(size, bits), 0)).toThrow(
      expect.objectContaining({
        code: "UNSUPPORTED_FILE",
        message: expect.stringContaining(`exponent of ${bits} bits`),
      }),
    );
  });
});

test.each([0, 4])("an attribute of version %i, which there is not, is refused", (version) => {
  const message = { type: MessageType.attribute, offset: 0, size: 16 };
  expect(() => readAttribute(bytes(version, ...Array(15).fill(0)), [message], "name")).toThrow(
    expect.objectContaining({ code: "UNSUPPORTED_FILE", message: expect.stringContaining(`version ${version}`) }),
  );
});

test("chunks of other dimensions than their array are refused", () => {
  const layout = bytes(3, 2, 3, ...eight(0), ...[2, 0, 0, 0], ...[2, 0, 0, 0], ...[4, 0, 0, 0]);
  const array = { limits: [], width: 4, isFiltered: false };
  expect(readChunkIndex(layout, 0, { ...array, shape: [6, 6] }).chunk).toEqual([2, 2]);
  for (const shape of [[6], [6, 6, 6]]) {
    expect(() => readChunkIndex(layout, 0, { ...array, shape })).toThrow(
      expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("other dimensions") }),
    );
  }
});

test("a name ends at a zero byte within its room, or the file is damaged", () => {
  expect(bytes(97, 98, 0, 99).cString(0, 2)).toBe("ab");
  for (const [content, limit] of [
    [[97, 98], 2],
    [[97, 98, 99, 0], 2],
  ] as const)
    expect(() => bytes(...content).cString(0, limit)).toThrow(expect.objectContaining({ code: "CORRUPT_FILE" }));
});
