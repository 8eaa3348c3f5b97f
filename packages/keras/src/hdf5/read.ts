import { type AttributeValue, readAttribute } from "./attribute.js";
import { Bytes, corrupt, unsupported } from "./bytes.js";
import { elementSize, readDataspace, readDatatype, readNumbers, sizeOf } from "./datatype.js";
import { readGroup } from "./group.js";
import { type Message, MessageType, readObjectHeader } from "./object-header.js";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** An array of an HDF5 file; scalars have the shape `[]`. */
interface Dataset {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** A group and what lies under it. Paths are relative, parts joined by `/`. */
export interface Group {
  has(path: string): boolean;
  group(path: string): Group | undefined;
  /** Names of the members, in the file's order (by name). */
  names(): string[];
  attribute(name: string): AttributeValue | undefined;
  dataset(path: string): Dataset | undefined;
}

export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * Opens an HDF5 file as h5py writes it by default: old- or new-style groups, contiguous or compact arrays, text and
 * numbers as attributes. It reads in bounded time and memory whatever the bytes are, which the HDF5 library in
 * WebAssembly does not: there a few changed bytes can start a loop that nothing can stop.
 *
 * @see HDF5 File Format Specification version 3.0.
 * @throws {KerasError} `NOT_A_MODEL`, `CORRUPT_FILE`, `UNSUPPORTED_FILE`; also later, from the group's functions.
 */
export function openHdf5(content: Uint8Array): Group {
  const bytes = new Bytes(content);
  const version = bytes.u8(8);
  if (version > 3) throw unsupported(`a superblock of version ${version}`);
  const widthsAt = version < 2 ? 13 : 9;
  if (bytes.u8(widthsAt) !== 8 || bytes.u8(widthsAt + 1) !== 8) throw unsupported("addresses of other than 8 bytes");
  const baseAt = version === 0 ? 24 : version === 1 ? 28 : 12;
  if (bytes.u64(baseAt) !== 0) throw unsupported("a user block");
  const end = bytes.u64(baseAt + 16);
  if (end > content.length) throw corrupt(`it should have ${end} bytes and has ${content.length}`);
  const root = bytes.address(version < 2 ? baseAt + 40 : 36);
  if (root === undefined) throw corrupt("it has no root group");
  return openGroup(bytes, root);
}

function openGroup(bytes: Bytes, address: number): Group {
  const messages = readObjectHeader(bytes, address);
  let members: Map<string, number> | undefined;
  const find = (path: string): number | undefined => {
    const parts = path.split("/").filter(Boolean);
    let current: number | undefined = address;
    parts.forEach((part, depth) => {
      if (current === undefined) return;
      if (depth === 0) {
        members ??= readGroup(bytes, messages);
        current = members.get(part);
      } else current = readGroup(bytes, readObjectHeader(bytes, current)).get(part);
    });
    return current;
  };
  return {
    has: (path) => find(path) !== undefined,
    group(path) {
      const found = find(path);
      return found === undefined ? undefined : openGroup(bytes, found);
    },
    names() {
      members ??= readGroup(bytes, messages);
      return [...members.keys()];
    },
    attribute: (name) => readAttribute(bytes, messages, name),
    dataset(path) {
      const found = find(path);
      return found === undefined ? undefined : readDataset(bytes, readObjectHeader(bytes, found));
    },
  };
}

function readDataset(bytes: Bytes, messages: readonly Message[]): Dataset | undefined {
  const at = (type: number) => messages.find((message) => message.type === type)?.offset;
  const [spaceAt, typeAt, layoutAt] = [at(MessageType.dataspace), at(MessageType.datatype), at(MessageType.layout)];
  if (spaceAt === undefined || typeAt === undefined || layoutAt === undefined) return undefined; // a group
  const shape = readDataspace(bytes, spaceAt);
  const type = readDatatype(bytes, typeAt);
  const length = sizeOf(shape) * elementSize(type);
  return { shape, values: readNumbers(readRaw(bytes, layoutAt, length), type) };
}

/** The raw bytes of an array, which the file must hold in one piece. */
function readRaw(bytes: Bytes, layout: number, length: number): Uint8Array {
  const version = bytes.u8(layout);
  if (version < 3 || version > 4) throw unsupported(`array layouts of version ${version}`);
  const kind = bytes.u8(layout + 1);
  if (kind === 0) {
    if (bytes.u16(layout + 2) < length) throw corrupt("an array is longer than its place");
    return bytes.slice(layout + 4, length);
  }
  if (kind !== 1) throw unsupported("chunked or compressed arrays");
  const address = bytes.address(layout + 2);
  if (address === undefined && length > 0) throw corrupt("an array was never written");
  if (bytes.u64(layout + 10) < length) throw corrupt("an array is longer than its place");
  return bytes.slice(address ?? 0, length);
}
