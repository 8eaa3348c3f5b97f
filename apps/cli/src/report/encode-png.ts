import { deflateSync } from "node:zlib";
import { pngBlock } from "../files/png-block.js";

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** IHDR after width and height: eight bits of red, green, blue and alpha; the only compression and filters; no interlacing. */
const form = [8, 6, 0, 0, 0];

/**
 * A PNG (ISO/IEC 15948) of opaque pixels of four bytes, row by row. Its rows are unfiltered: those of a plot repeat one another, which
 * deflate finds by itself.
 */
export function encodePng(pixels: Uint8Array, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(form, 8);
  const stride = 4 * width;
  const rows = Buffer.alloc((stride + 1) * height); // each row after the number of its filter, 0
  for (let row = 0; row < height; row++) {
    rows.set(pixels.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  }
  const blocks = [pngBlock("IHDR", header), pngBlock("IDAT", deflateSync(rows)), pngBlock("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...blocks]);
}
