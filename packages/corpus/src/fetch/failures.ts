import { CorpusError } from "../errors.js";
import { textAddress } from "./addresses.js";
import type { Attempt } from "./attempt.js";
import type { BookName } from "./book-name.js";

/** That no address gave the book: what was tried in one line, and what to do. */
export function downloadFailed(book: BookName, tried: readonly Attempt[]): CorpusError {
  const what = "id" in book ? "number" : "address";
  return new CorpusError(
    "DOWNLOAD_FAILED",
    `cannot fetch ${nameOf(book)}: ${listReasons(book, tried)}. Check the ${what} and the network, or ${byHand(book)}`,
    { ...book, tried },
  );
}

/** That a book which may not be fetched is not in the cache. */
export function notCached(book: BookName, addresses: readonly string[]): CorpusError {
  return new CorpusError(
    "OFFLINE",
    `${nameOf(book)} has no intact copy in the cache, and offline forbids fetching it: go online once, or ${byHand(book)}`,
    { ...book, addresses },
  );
}

/** That what was given names no book. */
export function noBook(given: number | string): CorpusError {
  return new CorpusError(
    "BAD_SOURCE",
    `"${given}" is no book: give a Project Gutenberg number like 1342, or an address that begins with http or https`,
    { given },
  );
}

function nameOf(book: BookName): string {
  return "id" in book ? `book ${book.id}` : book.address;
}

function byHand(book: BookName): string {
  return "id" in book
    ? `download ${textAddress(book.id)} in a browser and pass the file's path`
    : "download the text in a browser and pass the file's path";
}

const MOST_GROUPS = 4;

// "www.gutenberg.org answers 404 Not Found; a.example and b.example cannot be reached: …": a host's last reason is its own, and
// hosts with one reason share it.
function listReasons(book: BookName, tried: readonly Attempt[]): string {
  const reasons = new Map(tried.map(({ address, reason }) => [new URL(address).host, reason]));
  const hosts = new Map<string, string[]>();
  for (const [host, reason] of reasons) hosts.set(reason, [...(hosts.get(reason) ?? []), host]);
  if ("address" in book) return `the server ${tried[0]?.reason}`;
  const groups = [...hosts].map(([reason, names]) => `${together(names)} ${reason}`);
  const more = groups.length > MOST_GROUPS ? [`${groups.length - MOST_GROUPS} more failed likewise`] : [];
  return [...groups.slice(0, MOST_GROUPS), ...more].join("; ");
}

function together(names: readonly string[]): string {
  if (names.length > MOST_GROUPS)
    return `${names.slice(0, MOST_GROUPS - 1).join(", ")} and ${names.length - MOST_GROUPS + 1} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join("");
}
