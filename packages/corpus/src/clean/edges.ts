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
 * Distances are counted without what is cut, so that a second look at the shortened text finds nothing more.
 */
export function findEdges(text: string): Found[] {
  const licence: number[] = [];
  const waiting: { start: number; distance: number }[] = []; // end markers which nothing has answered yet
  let bookStart = 0;
  let cutSoFar = 0;
  let inHeader = true;

  const cutFrom = (end: number): number => {
    let from = end;
    let distance = end - cutSoFar;
    for (let last = waiting.at(-1); last && distance - last.distance <= LICENCE_REACH; last = waiting.at(-1)) {
      from = last.start;
      distance = last.distance;
      waiting.pop();
    }
    return from;
  };

  const cutLicence = (from: number, end: number): void => {
    while (licence.length > 0 && licence.at(-1)! > from) {
      const [earlierStart, earlierEnd] = licence.splice(-2) as [number, number];
      cutSoFar -= earlierEnd - earlierStart;
    }
    licence.push(from, end);
    cutSoFar += end - from;
  };

  for (const marker of findMarkers(text)) {
    if (marker.start < Math.max(bookStart, licence.at(-1) ?? 0)) continue; // inside what another marker cut
    if (marker.kind === "end" || marker.kind === "print-start") {
      waiting.push({ start: marker.start, distance: marker.start - cutSoFar });
      if (marker.kind === "end") inHeader = false;
      continue;
    }
    if (inHeader && marker.start - bookStart <= HEADER_REACH && opensBook(marker, waiting[0]?.start, bookStart, text)) {
      bookStart = marker.end;
      waiting.length = 0;
      cutSoFar = bookStart;
      continue;
    }
    inHeader = false;
    const from = cutFrom(marker.start);
    if (from < marker.start) cutLicence(from, endOfOpeningCredits(text, marker.end));
  }
  const tail = cutFrom(text.length);
  if (tail < text.length) cutLicence(tail, text.length);
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
