import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodePng } from "./encode-png.js";

/** The picture of one red pixel as PNG's own tools write it, the compressed rows aside, which depend on zlib. */
test("a red pixel has the blocks that the format wants, with their checksums", () => {
  const png = encodePng(Uint8Array.of(255, 0, 0, 255), 1, 1);
  expect(png.subarray(0, 33).toString("hex")).toBe(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" + "1f15c489",
  );
  expect(png.subarray(-12).toString("hex")).toBe("0000000049454e44ae426082");
});

test("any pixels come back row by row", () => {
  const pictures = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([width, height]) => {
    const length = 4 * width * height;
    return fc.record({
      ...{ width: fc.constant(width), height: fc.constant(height) },
      pixels: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });
  fc.assert(
    fc.property(pictures, ({ width, height, pixels }) => {
      const png = encodePng(pixels, width, height);
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([width, height]);
      const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
      const read = Array.from({ length: height }, (_, row) => {
        const [filter, ...bytes] = rows.subarray(row * (4 * width + 1), (row + 1) * (4 * width + 1));
        expect(filter).toBe(0);
        return bytes;
      });
      expect(read.flat()).toEqual([...pixels]);
    }),
  );
});
