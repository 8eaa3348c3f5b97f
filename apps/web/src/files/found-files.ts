/** A file that was chosen or dropped. */
export interface FoundFile {
  /** Its name; in a folder that was dropped, its path from there. */
  name: string;
  file: File;
}

export const chosenFiles = (files: Iterable<File>): FoundFile[] =>
  [...files].map((file) => ({ name: file.name, file }));

/** The files that were dropped, those in folders too, but for the hidden ones that a system puts there. What is dropped can be asked for during the event only, so call this at once. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<FoundFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (!entries.some(({ isDirectory }) => isDirectory)) return chosenFiles(files);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<FoundFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FoundFile[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    const seen = some.filter(({ name }) => !name.startsWith("."));
    found.push(...(await Promise.all(seen.map(filesIn))).flat());
  }
}
