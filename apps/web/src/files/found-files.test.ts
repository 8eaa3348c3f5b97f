import { expect, test } from "vitest";
import { chosenFiles, droppedFiles } from "./found-files.js";

const fileOf = (name: string) => new File([name], name);

/** Of a folder, or of a file where there is nothing in it, as browsers tell of them. */
interface Entry {
  name: string;
  entries?: Entry[];
}

const folder = (name: string, ...entries: Entry[]): Entry => ({ name, entries });

/** A folder's reader gives two entries at a time, then none: Chromium's gives a hundred. */
function entryOf({ name, entries }: Entry, above = ""): FileSystemEntry {
  const fullPath = `${above}/${name}`;
  if (!entries) {
    const file = (resolve: (file: File) => void) => resolve(fileOf(name));
    return { name, fullPath, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = entries.map((entry) => entryOf(entry, fullPath));
    return { readEntries: (resolve: (some: FileSystemEntry[]) => void) => resolve(left.splice(0, 2)) };
  };
  return { name, fullPath, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

/** What is dropped; of something that is no file, such as marked text, there is no entry. */
function drop(...entries: (Entry | undefined)[]): DataTransfer {
  const items = entries.map((entry) => ({ webkitGetAsEntry: () => (entry ? entryOf(entry) : null) }));
  const files = entries.flatMap((entry) => (entry ? [fileOf(entry.name)] : []));
  return { items, files } as unknown as DataTransfer;
}

const namesOf = async (dropped: DataTransfer) => (await droppedFiles(dropped)).map(({ name }) => name);

test("files that are chosen go by their names", () => {
  const [one, other] = [fileOf("b.txt"), fileOf("a.txt")];
  expect(chosenFiles([one, other])).toEqual([
    { name: "b.txt", file: one },
    { name: "a.txt", file: other },
  ]);
});

test("files that are dropped without a folder go by their names, hidden ones too: they were meant", async () => {
  expect(await namesOf(drop({ name: ".notes" }, undefined, { name: "a.txt" }))).toEqual([".notes", "a.txt"]);
  expect(await namesOf(drop())).toEqual([]);
});

test("all the files of a folder that is dropped go by their paths, but for the hidden ones, with the files beside it", async () => {
  const books = folder(
    "books",
    { name: "1.txt" },
    { name: ".DS_Store" },
    folder("late", { name: "4.txt" }, folder("empty")),
    folder(".git", { name: "config" }),
    { name: "2.txt" },
  );
  const dropped = drop({ name: "a.txt" }, undefined, books);
  const found = await droppedFiles(dropped);
  expect(found.map(({ name }) => name)).toEqual(["a.txt", "books/1.txt", "books/late/4.txt", "books/2.txt"]);
  expect(await Promise.all(found.map(({ file }) => file.text()))).toEqual(["a.txt", "1.txt", "4.txt", "2.txt"]);
});

test("a file that cannot be read is an error", async () => {
  const gone = new Error("gone");
  const file = (_: unknown, reject: (error: Error) => void) => reject(gone);
  const readEntries = file;
  const directory = { isFile: false, isDirectory: true, createReader: () => ({ readEntries }) };
  const item = (entry: object) => ({ webkitGetAsEntry: () => entry });
  const unreadable = { items: [item(directory)], files: [] } as unknown as DataTransfer;
  await expect(droppedFiles(unreadable)).rejects.toBe(gone);
  const beside = { items: [item(entryOf(folder("a"))), item({ isFile: true, file })], files: [] };
  await expect(droppedFiles(beside as unknown as DataTransfer)).rejects.toBe(gone);
});
