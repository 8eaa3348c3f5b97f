import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNovel } from "@charlstm/novel";

/** Writes a few pages of a real novel to `book.txt`. */
export function writeBook(folder: string, characters = 4000): string {
  const path = join(folder, "book.txt");
  writeFileSync(path, readNovel().slice(30_000, 30_000 + characters));
  return path;
}

/** The same with the two markers that the notebook's recipe cuts at, and the licence that it cuts away. */
export function writeNotebookBook(folder: string, characters = 4000): string {
  const path = join(folder, "notebook.txt");
  const text = readNovel().slice(30_000, 30_000 + characters);
  writeFileSync(
    path,
    `A title page\r\n\r\nPREFACE.\r\n${text}\r\n*** END OF THE PROJECT GUTENBERG EBOOK ***\r\nLicence\r\n`,
  );
  return path;
}

/** Settings of a run of moments. */
export const tinyFlags = [
  ...["--units", "8", "--window", "16", "--batch", "16", "--epochs", "2", "--warmup-steps", "0"],
  ...["--sample-length", "30", "--threads", "1"],
];
