// The HDF5 library itself, in WebAssembly: what it makes of a file, and files that it makes.
import { Dataset, File, Group as LibraryGroup, ready } from "h5wasm";
import { type Group, openHdf5 } from "../src/hdf5/read.js";

export const { FS } = await ready;

/** Builds a file with the HDF5 library. */
export function built(build: (file: File) => void, libver?: "earliest" | "latest"): Uint8Array {
  const file = new File("/built.h5", "w", libver ? { libver: [libver, "latest"] } : {});
  build(file);
  file.close();
  return (FS as unknown as { readFile(path: string): Uint8Array }).readFile("/built.h5").slice();
}

/** Every array and attribute of a file as the HDF5 library reads them, by path. */
export function withLibrary(bytes: Uint8Array): Map<string, unknown> {
  FS.writeFile("/read.h5", bytes);
  const file = new File("/read.h5", "r");
  const found = new Map<string, unknown>();
  const walk = (group: LibraryGroup, path: string) => {
    for (const [name, { value }] of Object.entries(group.attrs)) found.set(`${path}@${name}`, plain(value));
    for (const name of group.keys()) {
      const entry = group.get(name);
      if (entry instanceof LibraryGroup) walk(entry, `${path}/${name}`);
      else if (entry instanceof Dataset) found.set(`${path}/${name}`, [entry.shape, plain(entry.value)]);
    }
  };
  walk(file, "");
  file.close();
  return found;
}

/** The same through the reader of this package. */
export function withReader(bytes: Uint8Array, attributes: Iterable<string>): Map<string, unknown> {
  const root = openHdf5(bytes);
  const found = new Map<string, unknown>();
  const walk = (group: Group, path: string) => {
    for (const name of group.names()) {
      const array = group.dataset(name);
      if (array) found.set(`${path}/${name}`, [array.shape, plain(array.values)]);
      else walk(group.group(name)!, `${path}/${name}`);
    }
  };
  walk(root, "");
  for (const key of attributes) {
    const [path, name] = key.split("@") as [string, string];
    const owner = path === "" ? root : root.group(path);
    if (owner) found.set(key, plain(owner.attribute(name)));
  }
  return found;
}

/** Numbers and texts as a list, whatever they came in. */
function plain(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.map((item) => (typeof item === "bigint" ? Number(item) : item));
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  return value === undefined || value === null ? [] : [typeof value === "bigint" ? Number(value) : value];
}
