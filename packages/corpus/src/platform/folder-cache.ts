import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Book, BookCache } from "../fetch/cache.js";
import { sha256 } from "../sha256.js";
import { removeUnfinished, writeWhole } from "./write-whole.js";

/**
 * A cache of two files a book: `<key>-<16 digits of its sha256>.txt`, the bytes as they came, and `<key>.json`, which
 * names them and says whence and when. The text is written first and each file aside and renamed, so that a reader
 * finds a whole book or none, whoever else is writing.
 */
export async function openFolderCache(folder: string | undefined): Promise<BookCache> {
  // Imported when needed: env-paths asks for the home folder at once, and there may be none.
  const home = folder ?? join((await import("env-paths")).default("charlstm", { suffix: "" }).cache, "books");
  const entryOf = async (key: string) => readEntry(await readFile(join(home, `${key}.json`), "utf8"));
  return {
    async load(key) {
      try {
        const { sha256: expected, ...origin } = await entryOf(key);
        const bytes = new Uint8Array(await readFile(join(home, textName(key, expected))));
        return (await sha256(bytes)) === expected ? { bytes, ...origin, sha256: expected } : undefined;
      } catch {
        return undefined; // missing or damaged: it is fetched again
      }
    },
    async save(key, { bytes, charset, address, fetchedAt, sha256 }) {
      await mkdir(home, { recursive: true });
      await removeUnfinished(home);
      const former = await entryOf(key).catch(() => undefined);
      await writeWhole(join(home, textName(key, sha256)), bytes);
      const entry = { address, charset, fetchedAt, sha256, bytes: bytes.byteLength };
      await writeWhole(join(home, `${key}.json`), `${JSON.stringify(entry, null, 2)}\n`);
      // Who is just reading the former one finds no text to its entry, and fetches.
      if (former && former.sha256 !== sha256) await rm(join(home, textName(key, former.sha256)), { force: true });
    },
  };
}

function textName(key: string, digest: string): string {
  return `${key}-${digest.slice(0, 16)}.txt`;
}

function readEntry(json: string): Omit<Book, "bytes"> {
  const { address, charset, fetchedAt, sha256 } = JSON.parse(json) as Record<string, unknown>;
  if (typeof address !== "string" || typeof fetchedAt !== "string" || !/^[0-9a-f]{64}$/.test(String(sha256))) {
    throw new TypeError("damaged cache entry");
  }
  return { address, fetchedAt, sha256: String(sha256), ...(typeof charset === "string" ? { charset } : {}) };
}
