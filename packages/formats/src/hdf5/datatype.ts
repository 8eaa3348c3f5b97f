import { bfloatToNumber, halfToNumber } from "../half-precision.js";
import { type Bytes, corrupt, unsupported } from "./bytes.js";

/** The HDF5 types that occur in Keras files. */
export type Datatype =
  | { kind: "float"; size: 2 | 4 | 8; isBfloat: boolean }
  | { kind: "integer"; size: 1 | 2 | 4 | 8; signed: boolean }
  | { kind: "string"; size: number }
  /** How h5py writes bfloat16, which HDF5 has no type for. */
  | { kind: "opaque"; size: 2 }
  | { kind: "variable-string" };

/** Reads a datatype message. */
export function readDatatype(bytes: Bytes, offset: number): Datatype {
  const type = bytes.u8(offset) & 15;
  const bits = bytes.u8(offset + 1);
  const size = bytes.u32(offset + 4);
  switch (type) {
    case 0:
      if (bits & 1) throw unsupported("big-endian numbers");
      if (size !== 1 && size !== 2 && size !== 4 && size !== 8) throw corrupt(`an integer of ${size} bytes`);
      return { kind: "integer", size, signed: (bits & 8) !== 0 };
    case 1:
      if (bits & 65) throw unsupported("big-endian numbers");
      if (size !== 2 && size !== 4 && size !== 8) throw unsupported(`floating-point numbers of ${size} bytes`);
      return { kind: "float", size, isBfloat: isBfloat(size, bytes.u8(offset + 13)) };
    case 3:
      if (size === 0) throw corrupt("a text type of no bytes");
      return { kind: "string", size };
    case 5:
      if (size !== 2) throw unsupported("data of an opaque type");
      return { kind: "opaque", size };
    case 9:
      if ((bits & 15) !== 1) throw unsupported("variable-length arrays");
      return { kind: "variable-string" };
    default:
      throw unsupported(`data of HDF5 class ${type}`);
  }
}

/** Of two bytes there are two kinds of numbers, which differ in how many bits the exponent has. */
function isBfloat(size: 2 | 4 | 8, exponentBits: number): boolean {
  const known = { 2: [5, 8], 4: [8], 8: [11] }[size];
  if (!known.includes(exponentBits)) {
    throw unsupported(`floating-point numbers of ${size} bytes with an exponent of ${exponentBits} bits`);
  }
  return size === 2 && exponentBits === 8;
}

/** Bytes that one element takes in the file. */
export function elementSize(type: Datatype): number {
  return type.kind === "variable-string" ? 16 : type.size;
}

/** Reads a dataspace message: the shape, `[]` for a scalar. */
export function readDataspace(bytes: Bytes, offset: number): number[] {
  const version = bytes.u8(offset);
  const rank = bytes.u8(offset + 1);
  if (version !== 1 && version !== 2) throw unsupported(`dataspaces of version ${version}`);
  if (rank > 32) throw corrupt(`an array of ${rank} dimensions`);
  if (version === 2 && bytes.u8(offset + 3) === 2) return [0]; // a null dataspace holds nothing
  const first = offset + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => bytes.u64(first + 8 * axis));
}

/** What each dimension of an array can grow to; `undefined` for one without a limit. */
export function readLimits(bytes: Bytes, offset: number): (number | undefined)[] {
  const shape = readDataspace(bytes, offset);
  if ((bytes.u8(offset + 2) & 1) === 0) return shape;
  const first = offset + (bytes.u8(offset) === 1 ? 8 : 4) + 8 * bytes.u8(offset + 1);
  return shape.map((_, axis) => bytes.limit(first + 8 * axis));
}

/** The number of elements of a shape; an overflow counts as infinite. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Decodes packed numbers of an HDF5 type; half precision is widened. */
export function readNumbers(bytes: Uint8Array, type: Datatype): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / elementSize(type);
  const read = numberReader(view, type);
  return Float64Array.from({ length: count }, (_, index) => read(index));
}

function numberReader(view: DataView, type: Datatype): (index: number) => number {
  if (type.kind === "float") {
    if (type.size === 4) return (index) => view.getFloat32(4 * index, true);
    if (type.size === 8) return (index) => view.getFloat64(8 * index, true);
    const widen = type.isBfloat ? bfloatToNumber : halfToNumber;
    return (index) => widen(view.getUint16(2 * index, true));
  }
  if (type.kind === "integer") {
    if (type.size === 1) return (index) => (type.signed ? view.getInt8(index) : view.getUint8(index));
    if (type.size === 2)
      return (index) => (type.signed ? view.getInt16(2 * index, true) : view.getUint16(2 * index, true));
    if (type.size === 4)
      return (index) => (type.signed ? view.getInt32(4 * index, true) : view.getUint32(4 * index, true));
    return (index) => Number(type.signed ? view.getBigInt64(8 * index, true) : view.getBigUint64(8 * index, true));
  }
  if (type.kind === "opaque") return (index) => bfloatToNumber(view.getUint16(2 * index, true));
  throw corrupt("text where numbers belong");
}
