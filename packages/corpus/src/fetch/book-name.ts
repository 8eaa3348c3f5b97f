import { foldersAbove } from "./addresses.js";

/** What a user may call a book to be fetched: its Project Gutenberg number, or the address of a text. */
export type BookName = { readonly id: number } | { readonly address: string };

/**
 * Reads a number, an address that begins with http or https, or one of Project Gutenberg's without it, as a browser shows
 * it. The address of a book's page or of one of its files other than plain text names the book by the number in it.
 *
 * @returns `undefined` for anything else.
 */
export function readBookName(name: number | string): BookName | undefined {
  if (/^0*[1-9]\d{0,6}$/.test(String(name))) return { id: Number(name) };
  const address = typeof name === "string" ? withScheme(name) : "";
  if (!isWebAddress(address)) return undefined;
  const url = new URL(address);
  const id = bookNumberIn(url);
  return id === undefined ? { address: url.href } : { id };
}

export function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

const GUTENBERG = /^(?:[a-z\d-]+\.)*(?:gutenberg\.(?:org|net)|pglaf\.org|readingroo\.ms)$/;

function withScheme(name: string): string {
  const host = /^(?:\/\/)?([a-z\d.-]+)(?=[/?#:])/i.exec(name)?.[1];
  return host !== undefined && GUTENBERG.test(host.toLowerCase()) ? `https://${name.replace(/^\/\//, "")}` : name;
}

const PAGE = /^\/(?:ebooks|etext|files)\/0*([1-9]\d{0,6})(?=[./]|$)/i;
const GENERATED = /\/cache\/epub\/0*([1-9]\d{0,6})(?:\/|$)/i;

/** The number in an address of Project Gutenberg, or of a mirror that has its name and folders. */
function bookNumberIn({ hostname, pathname }: URL): number | undefined {
  if (/\.txt(?:\.utf-8)?$/i.test(pathname)) return undefined; // a text, which is what is wanted
  const isSite = GUTENBERG.test(hostname);
  if (!isSite && !/gutenberg/i.test(hostname + pathname)) return undefined;
  const id = (isSite ? PAGE.exec(pathname)?.[1] : undefined) ?? GENERATED.exec(pathname)?.[1] ?? idInTree(pathname);
  return id === undefined ? undefined : Number(id);
}

/** The number of which a tree like Project Gutenberg's has the folder, in the folders that belong to it. */
function idInTree(path: string): string | undefined {
  const parts = path.split("/");
  return parts.findLast((part, index) => {
    if (!/^[1-9]\d{0,6}$/.test(part)) return false;
    const above = foldersAbove(part);
    return parts.slice(Math.max(0, index - above.length), index).join("/") === above.join("/");
  });
}
