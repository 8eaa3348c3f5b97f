import { type AttributeValue, readAttribute } from "./attribute.js";
import { Bytes, corrupt, unsupported } from "./bytes.js";
import { type Dataset, readDataset } from "./dataset.js";
import { readDataspace } from "./datatype.js";
import { type Link, readGroup } from "./group.js";
import { MessageType, readObjectHeader } from "./object-header.js";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** A group and what lies under it. Paths are relative, parts joined by `/`. */
export interface Group {
  has(path: string): boolean;
  group(path: string): Group | undefined;
  /** Names of the members, sorted. */
  names(): string[];
  attribute(name: string): AttributeValue | undefined;
  /** The shape of an array, without reading it. */
  shape(path: string): readonly number[] | undefined;
  dataset(path: string): Dataset | undefined;
}

export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * Opens an HDF5 file as h5py writes it: old- or new-style groups of any size, soft links, text and numbers as attributes, arrays
 * in one piece or in chunks, which may be compressed (gzip, shuffle) and have checksums, with any `libver`. It reads in bounded time and
 * memory whatever the bytes are, which the HDF5 library in WebAssembly does not: there a few changed bytes can start a loop that
 * nothing can stop.
 *
 * @see HDF5 File Format Specification version 3.0.
 * @throws {FormatError} `NOT_A_MODEL`, `CORRUPT_FILE`, `UNSUPPORTED_FILE`; also later, from the group's functions.
 */
export function openHdf5(content: Uint8Array): Group {
  const bytes = new Bytes(content);
  const root = rootOf(bytes);
  return openGroup(bytes, root, root);
}

/** The address of the root group. @throws {FormatError} `CORRUPT_FILE`, `UNSUPPORTED_FILE`. */
function rootOf(bytes: Bytes): number {
  const version = bytes.u8(8);
  if (version > 3) throw unsupported(`a superblock of version ${version}`);
  const widthsAt = version < 2 ? 13 : 9;
  if (bytes.u8(widthsAt) !== 8 || bytes.u8(widthsAt + 1) !== 8) throw unsupported("addresses of other than 8 bytes");
  const baseAt = version === 0 ? 24 : version === 1 ? 28 : 12;
  if (bytes.u64(baseAt) !== 0) throw unsupported("a user block");
  const end = bytes.u64(baseAt + 16);
  const { length } = bytes.bytes;
  if (end > length) throw corrupt(`it should have ${end} bytes and has ${length}`);
  const root = bytes.address(version < 2 ? baseAt + 40 : 36);
  if (root === undefined) throw corrupt("it has no root group");
  return root;
}

/** Soft links that lead to soft links: more of them than this are a circle. */
const MOST_LINKS = 16;

function openGroup(bytes: Bytes, root: number, address: number): Group {
  const messages = readObjectHeader(bytes, address);
  let members: Map<string, Link> | undefined;
  const own = () => {
    members ??= readGroup(bytes, messages);
    return members;
  };
  const find = (path: string) =>
    followPath(
      path,
      { root, start: address },
      (group, name) => (group === address ? own() : readGroup(bytes, readObjectHeader(bytes, group))).get(name),
      MOST_LINKS,
    );
  const headerOf = (path: string) => {
    const found = find(path);
    return found === undefined ? undefined : readObjectHeader(bytes, found);
  };
  return {
    has: (path) => find(path) !== undefined,
    group(path) {
      const found = find(path);
      return found === undefined ? undefined : openGroup(bytes, root, found);
    },
    names: () => [...own().keys()].sort(),
    attribute: (name) => readAttribute(bytes, messages, name),
    shape(path) {
      const space = headerOf(path)?.find(({ type }) => type === MessageType.dataspace);
      return space && readDataspace(bytes, space.offset);
    },
    dataset(path) {
      const header = headerOf(path);
      return header && readDataset(bytes, header);
    },
  };
}

/** The address of an object, soft links followed; a path that begins with `/` begins at the root. */
function followPath(
  path: string,
  { root, start }: { root: number; start: number },
  member: (group: number, name: string) => Link | undefined,
  links: number,
): number | undefined {
  let current = path.startsWith("/") ? root : start;
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    const link = member(current, part);
    if (links === 0 && typeof link === "string") throw corrupt("its soft links lead in a circle");
    const next = typeof link === "string" ? followPath(link, { root, start: current }, member, links - 1) : link;
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}
