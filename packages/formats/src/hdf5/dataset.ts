import { readAttribute } from "./attribute.js";
import { type Bytes, corrupt, unsupported } from "./bytes.js";
import { readChunks } from "./chunks.js";
import { elementSize, readDataspace, readDatatype, readLimits, readNumbers, sizeOf } from "./datatype.js";
import { type Filter, readFilters } from "./filters.js";
import { type Message, MessageType } from "./object-header.js";

/** An array of an HDF5 file; scalars have the shape `[]`. */
export interface Dataset {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Reads the array that an object header describes; `undefined` for a group. */
export function readDataset(bytes: Bytes, messages: readonly Message[]): Dataset | undefined {
  const at = (type: number) => messages.find((message) => message.type === type)?.offset;
  const [space, typeAt, layout] = [at(MessageType.dataspace), at(MessageType.datatype), at(MessageType.layout)];
  if (space === undefined || typeAt === undefined || layout === undefined) return undefined;
  const shape = readDataspace(bytes, space);
  const type = readDatatype(bytes, typeAt);
  if (type.kind === "opaque" && readAttribute(bytes, messages, "dtype")?.[0] !== "bfloat16") {
    throw unsupported("arrays of an opaque type");
  }
  const filters = at(MessageType.filters);
  const array = {
    ...{ shape, limits: readLimits(bytes, space), width: elementSize(type) },
    ...{ filters: filters === undefined ? [] : readFilters(bytes, filters), fill: fillOf(bytes, at(MessageType.fill)) },
  };
  return { shape, values: readNumbers(readRaw(bytes, layout, array), type) };
}

interface RawArray {
  readonly shape: readonly number[];
  readonly limits: readonly (number | undefined)[];
  readonly width: number;
  readonly filters: readonly Filter[];
  readonly fill: Uint8Array;
}

const COMPACT = 0;
const CONTIGUOUS = 1;
const CHUNKED = 2;

/** The raw bytes of an array: in the header, in one piece, or put together of chunks. */
function readRaw(bytes: Bytes, layout: number, { fill, ...array }: RawArray): Uint8Array {
  const version = bytes.u8(layout);
  const kind = bytes.u8(layout + 1);
  if (version < 3 || version > 5) throw unsupported(`array layouts of version ${version}`);
  if (kind > CHUNKED) throw unsupported(`array layouts of kind ${kind}`);
  const length = array.width * sizeOf(array.shape);
  if (kind === CHUNKED) {
    const result = filled(bytes, length, fill);
    readChunks(bytes, layout, array, result);
    return result;
  }
  if (kind === CONTIGUOUS && bytes.address(layout + 2) === undefined) return filled(bytes, length, fill);
  bytes.claimArray(length, false);
  const [start, room] =
    kind === COMPACT ? [layout + 4, bytes.u16(layout + 2)] : [bytes.address(layout + 2) ?? 0, bytes.u64(layout + 10)];
  if (room < length) throw corrupt("an array is longer than its place");
  return bytes.slice(start, length);
}

/** An array of which nothing was written. */
function filled(bytes: Bytes, length: number, fill: Uint8Array): Uint8Array {
  bytes.claimArray(length, true);
  const result = new Uint8Array(length);
  if (fill.some((byte) => byte !== 0)) {
    for (let at = 0; at + fill.length <= length; at += fill.length) result.set(fill, at);
  }
  return result;
}

/** The element that stands for what was never written; nothing for zero (format specification, IV.A.2.f). */
function fillOf(bytes: Bytes, message: number | undefined): Uint8Array {
  if (message === undefined) return new Uint8Array(0);
  const version = bytes.u8(message);
  if (version < 1 || version > 3) throw unsupported(`fill values of version ${version}`);
  const isTold = version === 3 ? (bytes.u8(message + 1) & 0x20) !== 0 : version === 1 || bytes.u8(message + 3) !== 0;
  const at = message + (version === 3 ? 2 : 4);
  return isTold ? bytes.slice(at + 4, bytes.u32(at)) : new Uint8Array(0);
}
