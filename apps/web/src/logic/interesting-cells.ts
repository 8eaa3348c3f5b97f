/** A cell worth looking at, and why. */
export interface InterestingCell {
  cell: number;
  /** What it seems to follow, for people. */
  about: string;
  /** Correlation with that, in `[-1, 1]`. */
  correlation: number;
}

/** Something that can be said of each place of a text, as a number. */
interface Feature {
  about: string;
  values(characters: readonly string[]): Float64Array;
}

const isLetter = (character: string) => /\p{L}/u.test(character);

/** Counts on until `resets` says that something begins anew. */
const since = (resets: (character: string, before: string) => boolean) => (characters: readonly string[]) => {
  let count = 0;
  return Float64Array.from(characters, (character, place) => {
    count = resets(character, characters[place - 1] ?? "") ? 0 : count + 1;
    return Math.log1p(count);
  });
};

const whether = (test: RegExp) => (characters: readonly string[]) =>
  Float64Array.from(characters, (character) => (test.test(character) ? 1 : 0));

function insideQuotes(characters: readonly string[]): Float64Array {
  let isInside = false;
  return Float64Array.from(characters, (character) => {
    if (character === "“") isInside = true;
    else if (character === "”") isInside = false;
    else if (character === '"') isInside = !isInside;
    return isInside ? 1 : 0;
  });
}

const features: readonly Feature[] = [
  { about: "inside quotation marks", values: insideQuotes },
  { about: "how far the line has come", values: since((character) => character === "\n") },
  {
    about: "how far the sentence has come",
    values: since((character, before) => /[.!?]/.test(character) || (character === "\n" && before === "\n")),
  },
  { about: "how far the word has come", values: since((character) => !isLetter(character)) },
  { about: "gaps between words", values: whether(/\s/) },
  { about: "vowels", values: whether(/[aeiouyäöüáéíóúàèêôæœ]/i) },
  { about: "capital letters", values: whether(/\p{Lu}/u) },
  { about: "marks and punctuation", values: whether(/[\p{P}\p{S}]/u) },
  { about: "digits", values: whether(/\p{N}/u) },
];

/** Below this a likeness may well be chance. */
const leastCorrelation = 0.3;

/**
 * The cells that follow something a reader can name, the clearest first, each cell and each feature at most once.
 *
 * Karpathy, Johnson and Li (2015) found such cells by eye; here each cell's activation is compared with what can be counted in the
 * text: quotation marks, the place in the line, the sentence and the word, kinds of characters.
 *
 * @param activations Shape `[characters, cells]`, row-major.
 */
export function interestingCells(
  characters: readonly string[],
  activations: Float32Array,
  cells: number,
): InterestingCell[] {
  const candidates = features.flatMap(({ about, values }) => {
    const feature = standardized(values(characters));
    if (!feature) return [];
    return Array.from({ length: cells }, (_, cell) => ({
      cell,
      about,
      correlation: correlate(feature, activations, cell, cells),
    }));
  });
  candidates.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
  const chosen: InterestingCell[] = [];
  for (const candidate of candidates) {
    if (Math.abs(candidate.correlation) < leastCorrelation) break;
    if (chosen.every(({ cell, about }) => cell !== candidate.cell && about !== candidate.about)) chosen.push(candidate);
  }
  return chosen;
}

/** With mean 0 and length 1; `undefined` when all values are the same. */
function standardized(values: Float64Array): Float64Array | undefined {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return length < 1e-9 ? undefined : values.map((value) => (value - mean) / length);
}

function correlate(feature: Float64Array, activations: Float32Array, cell: number, cells: number): number {
  const own = standardized(Float64Array.from(feature, (_, place) => activations[place * cells + cell]!));
  return own ? own.reduce((sum, value, place) => sum + value * feature[place]!, 0) : 0;
}
