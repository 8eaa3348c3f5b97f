// The shapes that a line of a list of corrections has. All are bounded: a line takes time linear in its length.
const ARROW = /\S[ \t]{0,3}(?:=+>|-+>|→|⇒)[ \t]{0,3}\S/u;
const QUOTED_TWICE =
  /["'”’“‘«»„][^\p{L}\p{N}\n]{0,4}(?:[\p{L}.]{1,20}[ \t]{1,3}){0,4}(?:to|for|with|by|from|par|pour|durch|in|door|por|con|en|em|read|reads|till?|til|på)[ \t]{1,3}["'“‘«»„]/iu;
const SAYS =
  /\b(?:changed|corrected|amended|altered|replaced)[ \t](?:to|from|by|with)\b|\b(?:text|original|printed[ \t]text)[ \t](?:reads?|has)\b|\bmisprinted\b|\bspelling[ \t]unchanged|\b(?:quotes?|punctuation|comma|period|full[ \t]stop|parenthes[ie]s|word)[ \t]missing\b|\bshown[ \t]as[ \t]printed|\bso[ \t]in[ \t]original/iu;
const PLACE =
  /^[^\p{L}\p{N}\n]{0,6}(?:pages?|pp?\.|pg\.?|seite|s\.|bladzijde|blz\.|página|pág\.|pagina|line|zeile|sida|side)[ \t]{0,3}\d/iu;
const BRACKET_AT_END = /[[{(][^\][{}()\n]{1,90}[\]})][ \t]{0,4}$/u;
const ASIDE = /^[ \t]{0,12}\[?_[^\n]{1,200}_\]?[ \t]{0,4}$/u;

// A list that the book itself has tells the reader what to read.
const OWN =
  /\b(?:for|statt|steht|staat|au[ \t]lieu[ \t]de|en[ \t]lugar[ \t]de|dice|invece[ \t]di|in[ \t]plaats[ \t]van)\b[^\n]{1,90}\b(?:read|lies|lisez|l[eé]ase|leggi|lees)\b/iu;

const LONGEST_LINE = 300;
const PART_OF_LINES = 1 / 3;

/**
 * How many lines of a paragraph look like a transcriber's corrections: 0 unless a third of them do.
 *
 * @param options.loose Whether page numbers, and remarks in brackets and in italics, count: where nothing but a list is expected.
 */
export function countCorrections(paragraph: string, { loose = false } = {}): number {
  const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
  const count = lines.filter((line) => isCorrection(line.slice(0, LONGEST_LINE), loose)).length;
  return count >= PART_OF_LINES * lines.length ? count : 0;
}

/** Whether a list of errata is the book's own: "for … read …". */
export function isOwnErrata(paragraph: string): boolean {
  return paragraph.split("\n").some((line) => OWN.test(line.slice(0, LONGEST_LINE)));
}

function isCorrection(line: string, loose: boolean): boolean {
  const shapes = loose ? [ARROW, QUOTED_TWICE, SAYS, PLACE, BRACKET_AT_END, ASIDE] : [ARROW, QUOTED_TWICE, SAYS, PLACE];
  return shapes.some((shape) => shape.test(line));
}
