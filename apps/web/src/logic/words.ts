const word = /\p{L}{2,}/gu;

/** A book's vocabulary is in its first million characters or so; more would only take time. */
const charactersRead = 2_000_000;

/** The words of two letters or more, in lower case. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const [found] of text.slice(0, charactersRead).matchAll(word)) words.add(found.toLowerCase());
  return words;
}

/** Share of a text's words that are among `words`; its last one, which may be cut off, does not count. 0 when there is none. */
export function shareOfWords(text: string, words: ReadonlySet<string>): number {
  const own = [...text.matchAll(word)].slice(0, -1);
  if (own.length === 0) return 0;
  return own.filter(([found]) => words.has(found.toLowerCase())).length / own.length;
}
