import { type Bytes, corrupt } from "./bytes.js";
import { type ChunkedArray, readChunkIndex } from "./chunk-index.js";
import { sizeOf } from "./datatype.js";
import { type Filter, unfilter } from "./filters.js";

/**
 * Puts an array together of its chunks.
 *
 * @param layout Of the layout message.
 * @param result The array's bytes, filled with what those elements are that were never written.
 */
export function readChunks(
  bytes: Bytes,
  layout: number,
  { filters, ...array }: Omit<ChunkedArray, "isFiltered"> & { readonly filters: readonly Filter[] },
  result: Uint8Array,
): void {
  const { shape, width } = array;
  const index = readChunkIndex(bytes, layout, { ...array, isFiltered: filters.length > 0 });
  const { chunk } = index;
  const length = width * sizeOf(chunk);
  for (const { place, address, stored, mask } of index.chunks()) {
    const start = place.map((at, axis) => at * chunk[axis]!);
    if (!start.every(Number.isSafeInteger)) throw corrupt("the list of an array's chunks is broken");
    bytes.claimArray(length, true);
    copyChunk(unfilter(bytes.slice(address, stored), filters, mask, length), chunk, result, shape, start, width);
  }
}

/** Copies what of a chunk lies inside the array, a row of the last axis at a time. */
function copyChunk(
  raw: Uint8Array,
  chunk: readonly number[],
  result: Uint8Array,
  shape: readonly number[],
  start: readonly number[],
  width: number,
): void {
  const last = shape.length - 1;
  if (last < 0) {
    result.set(raw.subarray(0, result.length));
    return;
  }
  const extent = shape.map((size, axis) => Math.min(chunk[axis]!, size - start[axis]!));
  if (extent.some((size) => size <= 0)) return; // left over from a larger array
  const rows = sizeOf(extent.slice(0, last));
  for (let row = 0; row < rows; row++) {
    let [from, to, rest, fromStep, toStep] = [0, start[last]!, row, chunk[last]!, shape[last]!];
    for (let axis = last - 1; axis >= 0; axis--) {
      const index = rest % extent[axis]!;
      rest = Math.floor(rest / extent[axis]!);
      from += index * fromStep;
      to += (start[axis]! + index) * toStep;
      fromStep *= chunk[axis]!;
      toStep *= shape[axis]!;
    }
    result.set(raw.subarray(from * width, (from + extent[last]!) * width), to * width);
  }
}
