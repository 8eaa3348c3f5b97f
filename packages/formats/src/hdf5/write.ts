import { block, NOWHERE, Room } from "./room.js";
import { INTERNAL_K, LEAF_K, type Member, placeMembers, symbol } from "./write-members.js";
import {
  arrayMessages,
  FLOAT32,
  groupMessage,
  INT64,
  placeHeader,
  textAttribute,
  type WrittenMessage,
} from "./write-messages.js";

/** Builds one HDF5 file; paths are absolute, parts joined by `/`, and groups on the way are made. */
export interface Hdf5Writer {
  group(path: string): void;
  floats(path: string, shape: readonly number[], values: Float32Array): void;
  /** A 64-bit whole number. */
  integer(path: string, value: number): void;
  float(path: string, value: number): void;
  /** ASCII text; Keras reads it in every version. */
  text(path: string, name: string, value: string): void;
  texts(path: string, name: string, values: readonly string[]): void;
}

/** An HDF5 object header holds no attribute longer than this; Keras splits longer lists. */
const LONGEST_ATTRIBUTE = 64_512;

/** A group while the file is built: its members by name, and its attributes. */
interface Group {
  readonly members: Map<string, Group | Member>;
  readonly attributes: WrittenMessage[];
}

/**
 * Writes an HDF5 file in memory, as old as Keras's own: superblock 0, groups with symbol tables, arrays in one piece, text of fixed
 * length in ASCII, the one kind that h5py 2 and 3 both hand to Keras as bytes. The same content is the same bytes.
 *
 * @see HDF5 File Format Specification version 3.0.
 * @throws {FormatError} `BAD_MODEL`: a text is longer than an attribute may be.
 */
export function writeHdf5(build: (writer: Hdf5Writer) => void): Uint8Array {
  const superblockSize = 96;
  const room = new Room(superblockSize);
  const root: Group = { members: new Map(), attributes: [] };
  const array = (path: string, shape: readonly number[], type: Uint8Array, values: Float32Array | BigInt64Array) => {
    const at = path.lastIndexOf("/");
    const name = path.slice(at + 1);
    const address = room.place(littleEndian(values));
    const header = placeHeader(room, arrayMessages(type, shape, address, values.byteLength));
    groupAt(root, path.slice(0, at)).members.set(name, { name, header });
  };
  const attribute = (path: string, name: string, value: string | readonly string[]) => {
    groupAt(root, path).attributes.push(textAttribute(name, value));
  };
  build({
    group: (path) => void groupAt(root, path),
    floats: (path, shape, values) => array(path, shape, FLOAT32, values),
    integer: (path, value) => array(path, [], INT64, BigInt64Array.of(BigInt(value))),
    float: (path, value) => array(path, [], FLOAT32, Float32Array.of(value)),
    text: attribute,
    texts(path, name, values) {
      const chunks = chunked(values);
      for (const [index, chunk] of chunks.entries()) {
        attribute(path, chunks.length === 1 ? name : `${name}${index}`, chunk);
      }
    },
  });
  const member = placeGroup(room, "", root);
  return room.file(superblock(member, room.end));
}

/** The group of a path, made where it is not there yet. */
function groupAt(root: Group, path: string): Group {
  let group = root;
  for (const name of path.split("/").filter((part) => part !== "")) {
    const next = group.members.get(name) ?? { members: new Map(), attributes: [] };
    group.members.set(name, next);
    group = next as Group;
  }
  return group;
}

/** Puts a group in, after what lies in it. */
function placeGroup(room: Room, name: string, { members, attributes }: Group): Member {
  const placed = [...members].map(([own, member]) => ("header" in member ? member : placeGroup(room, own, member)));
  const table = placeMembers(room, placed);
  return { name, header: placeHeader(room, [groupMessage(table.tree, table.heap), ...attributes]), members: table };
}

/** Version 0, as all versions of the library read it (format specification, II.A). */
function superblock(root: Member, end: number): Uint8Array {
  const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
  const versions = Uint8Array.of(0, 0, 0, 0, 0, 8, 8, 0);
  const sizes = block([LEAF_K, 2], [INTERNAL_K, 2], [0, 4]);
  return block(signature, versions, sizes, [0, 8], NOWHERE, [end, 8], NOWHERE, symbol(0, root));
}

function littleEndian(values: Float32Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  if (values instanceof Float32Array) {
    for (let index = 0; index < values.length; index++) view.setFloat32(4 * index, values[index]!, true);
  } else for (const [index, value] of values.entries()) view.setBigInt64(8 * index, value, true);
  return bytes;
}

/** Splits a list as Keras does, so that every part fits in a header. */
function chunked(values: readonly string[]): string[][] {
  const width = Math.max(0, ...values.map((value) => value.length)) + 1;
  const perChunk = Math.max(1, Math.floor(LONGEST_ATTRIBUTE / width));
  const chunks: string[][] = [];
  for (let start = 0; start < values.length; start += perChunk) chunks.push(values.slice(start, start + perChunk));
  return chunks;
}

/** JSON with every character beyond ASCII escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Cuts ASCII text into parts that fit in a header each. */
export function textParts(value: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < value.length; start += LONGEST_ATTRIBUTE - 8) {
    parts.push(value.slice(start, start + LONGEST_ATTRIBUTE - 8));
  }
  return parts;
}
