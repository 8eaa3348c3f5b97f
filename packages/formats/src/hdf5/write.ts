import { Bytes } from "./bytes.js";
import { readGroup } from "./group.js";
import { MessageType, readObjectHeader } from "./object-header.js";
import { rootOf } from "./read.js";

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

let files = 0;

/**
 * Writes an HDF5 file in memory with the HDF5 library (WebAssembly, 4 MB, loaded at the first call).
 *
 * Text becomes fixed-length ASCII, the one kind that h5py 2 and 3 both hand to Keras as bytes.
 */
export async function writeHdf5(build: (writer: Hdf5Writer) => void): Promise<Uint8Array> {
  const hdf5 = await import("h5wasm");
  const { FS } = await hdf5.ready;
  const path = `/charlstm-${files++}.h5`;
  const file = new hdf5.File(path, "w", { libver: ["earliest", "v200"] });
  const groups = new Set([""]);
  const group = (name: string) => {
    if (groups.has(name)) return;
    group(parentOf(name));
    file.create_group(name);
    groups.add(name);
  };
  const dataset = (name: string, shape: readonly number[], data: Float32Array | number[], dtype: string) => {
    group(parentOf(name));
    file.create_dataset({ name, data, shape: [...shape], dtype });
  };
  try {
    build({
      group,
      floats: (name, shape, data) => dataset(name, shape, data, "<f4"),
      integer: (name, value) => dataset(name, [], [value], "<q"),
      float: (name, value) => dataset(name, [], [value], "<f4"),
      text: (owner, name, value) => attributes(file, owner).create_attribute(name, value, [], `A${value.length + 1}`),
      texts(owner, name, values) {
        const chunks = chunked(values);
        chunks.forEach((chunk, index) => {
          const width = Math.max(...chunk.map((value) => value.length)) + 1;
          const key = chunks.length === 1 ? name : `${name}${index}`;
          attributes(file, owner).create_attribute(key, chunk, [chunk.length], `A${width}`);
        });
      },
    });
  } finally {
    file.close();
  }
  try {
    const bytes = (FS as unknown as { readFile(path: string): Uint8Array }).readFile(path);
    clearTimes(bytes);
    return bytes;
  } finally {
    FS.unlink(path);
  }
}

/** The library notes when each array was written; without that, the same model is the same bytes. */
function clearTimes(content: Uint8Array): void {
  const bytes = new Bytes(content);
  const pending = [rootOf(bytes)];
  for (let address = pending.pop(); address !== undefined; address = pending.pop()) {
    const messages = readObjectHeader(bytes, address);
    for (const { type, offset, size } of messages) {
      if (type === MessageType.modified) content.fill(0, offset + 4, offset + size);
    }
    for (const link of readGroup(bytes, messages).values()) if (typeof link === "number") pending.push(link);
  }
}

type File = InstanceType<typeof import("h5wasm").File>;

const parentOf = (path: string) => path.slice(0, path.lastIndexOf("/"));

/** The object that owns an attribute. */
function attributes(file: File, path: string): Pick<File, "create_attribute"> {
  return path === "/" ? file : (file.get(path) as unknown as Pick<File, "create_attribute">);
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
