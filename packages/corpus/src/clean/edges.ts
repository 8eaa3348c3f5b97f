import { endOfOpeningCredits } from "./credits.js";
import type { Found } from "./draft.js";
import { findMarkers, type Marker } from "./markers.js";

// How far the text of a licence, or of all that was written before a book, has reached: 22,000 characters at most in
// files of every era. A marker farther than this from where it should be stands in the book.
const HEADER_REACH = 25_000;
const LICENCE_REACH = 40_000;

/**
 * Finds what stands outside the books of a file: the header up to the last start marker, the licence from the first
 * end marker of the tail on, and what lies between books when a file holds several.
 *
 * An end marker that is out of reach of the next one stays out of reach of all that follow, also when what is found is
 * cut: that lies behind the next one. So distances may be counted in the text as it is.
 */
export function findEdges(text: string): Found[] {
  const licence: number[] = [];
  const waiting: number[] = []; // where end markers start which nothing has answered yet
  let bookStart = 0;
  let inHeader = true;

  const cutFrom = (end: number): number => {
    let from = end;
    for (let last = waiting.at(-1); last !== undefined && from - last <= LICENCE_REACH; last = waiting.at(-1)) {
      from = last;
      waiting.pop();
    }
    return from;
  };

  for (const marker of findMarkers(text)) {
    if (marker.start < Math.max(bookStart, licence.at(-1) ?? 0)) continue; // inside what another marker cut
    if (marker.kind === "end" || marker.kind === "print-start") {
      waiting.push(marker.start);
      if (marker.kind === "end") inHeader = false;
      continue;
    }
    if (inHeader && marker.start - bookStart <= HEADER_REACH && opensBook(marker, waiting[0], bookStart, text)) {
      bookStart = marker.end;
      waiting.length = 0;
      continue;
    }
    inHeader = false;
    const from = cutFrom(marker.start);
    if (from < marker.start) licence.push(from, endOfOpeningCredits(text, marker.end));
  }
  const tail = cutFrom(text.length);
  if (tail < text.length) licence.push(tail, text.length);
  return [
    { rule: "header", spans: bookStart > 0 ? [0, bookStart] : [] },
    { rule: "licence", spans: licence },
  ];
}

// A small print that lies between the markers belongs to the header when less text stands before it than after it;
// a file of 2002 has it at its end.
function opensBook(marker: Marker, printStart: number | undefined, bookStart: number, text: string): boolean {
  return printStart === undefined || printStart - bookStart < text.length - marker.end;
}
