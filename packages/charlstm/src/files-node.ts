// Files in Node; `files-browser.ts` has the same names for browsers.
import { readdir, readFile, stat } from "node:fs/promises";

export const isNode = true;

/** The bytes of a file, the names in a folder, or `undefined` where nothing is. */
export async function lookAt(path: string): Promise<{ bytes: Uint8Array } | { names: string[] } | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile()) return { bytes: new Uint8Array(await readFile(path)) };
  return status?.isDirectory() ? { names: await readdir(path) } : undefined;
}
