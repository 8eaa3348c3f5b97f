import { matchesNear } from "./near.js";
import { endOfParagraph, nextLine } from "./paragraphs.js";

/**
 * A line that Project Gutenberg put into a file: `start` and `end` of a book, `print-start` and `print-end` of a small
 * print or licence, which older files have before the book and newer ones after it.
 */
export interface Marker {
  readonly kind: "start" | "end" | "print-start" | "print-end";
  /** From the first character of the marker's line to after the newline of its last line. */
  readonly start: number;
  readonly end: number;
}

// Every quantifier over white space or text is bounded, so that each expression takes linear time; `\s` spans lines,
// so that a marker which wraps, or which unwrapping joined, is the same marker.
// Not `^` with the flag m: for that, U+2028 ends a line too.
const LINE_START = String.raw`(?<![^\n])[ \t]{0,60}[*=\-_[(]{0,12}[ \t]{0,4}`;
const SMALL_WORDS =
  "of|the|this|that|dieses|diese|dies|des|der|de|du|del|della|dell'|dello|da|do|la|le|l'|el|il|van|het|dit|von|vom|d'este|på|av|från|(?:dell'|l'|d')?e-?(?:text|book)s?|by";
const PROJECT = "pro(?:ject|jekt|jektin|jekti|jet|getto|yecto|jecto|jeto)";

// START OF THE|THIS PROJECT GUTENBERG EBOOK|ETEXT …, also COPYRIGHTED, with any number of stars, and the same start
// without END (1991 to now).
const START = new RegExp(
  String.raw`${LINE_START}START\s{1,4}OF\s{1,4}(?:TH(?:E|IS)\s{1,4})?(?:COPYRIGHTED\s{1,4})?PROJECT\s{1,4}GUTENBERG`,
  "giu",
);
// "End of the|this Project Gutenberg's …", "*** END OF THE PROJECT GUTENBERG EBOOK", "Ende dieses Projekt Gutenberg",
// "Fin de Project Gutenberg", …
const END = new RegExp(
  String.raw`${LINE_START}(?:this\s{1,4}is\s{1,4})?(?:the\s{1,4})?(?:end|ende|fin|fine|fim|einde|slut|loppu|koniec)` +
    String.raw`(?:\s{1,4}(?:${SMALL_WORDS}|copyrighted)){1,5}\s{1,4}${PROJECT}(?:\s{1,4}e-?texts?)?\s{1,4}gutenberg`,
  "giu",
);
// ***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START*** and *** START: FULL LICENSE ***
const PRINT_START = new RegExp(
  String.raw`${LINE_START}START[*:\s]{1,6}(?:THE\s{1,4}SMALL\s{1,4}PRINT|FULL\s{1,4}LICEN[SC]E)`,
  "giu",
);
// *END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END* and *END THE SMALL PRINT
const PRINT_END =
  /(?<![^\n])[ \t]{0,60}\*{1,12}[ \t]{0,4}END[*:\s]{1,6}(?:THE\s{1,4}SMALL\s{1,4}PRINT|FULL\s{1,4}LICEN[SC]E)/giu;

// What every marker says, and more characters than its words take.
const SAID = /gutenberg|small\s{1,4}print|full\s{1,4}licen/giu;
const REACH = 400;

/** All marker lines of a text in their order. */
export function findMarkers(text: string): Marker[] {
  const kinds = [
    ["start", START],
    ["end", END],
    ["print-start", PRINT_START],
    ["print-end", PRINT_END],
  ] as const;
  const markers: Marker[] = [];
  for (const [kind, expression] of kinds) {
    for (const match of matchesNear(text, SAID, REACH, expression)) {
      markers.push({ kind, start: match.index, end: endOfMarker(text, match.index + match[0].length) });
    }
  }
  return markers.sort((left, right) => left.start - right.start);
}

const LONGEST_TITLE = 400;

// A long title wraps: the marker then goes on to the line that ends in asterisks, in the same paragraph.
function endOfMarker(text: string, position: number): number {
  const rest = text.slice(position, position + LONGEST_TITLE);
  const paragraph = rest.slice(0, endOfParagraph(rest, 0));
  const closed = /\*{2,}[ \t]*$/m.exec(paragraph);
  return nextLine(text, closed ? position + closed.index : position);
}
