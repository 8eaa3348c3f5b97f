/** Marks that stand for each other: straight first, then opening and closing curly, then rarer ones. */
const quotes = ["'‘’‚‛`´ʼ′", '"“”„‟«»″'];

const dashes = "-‐‑‒–—―−";
const opening = /^$|[\s([{\-–—‘“"']/u;

/**
 * Other marks of the same kind as a quotation mark, the likeliest first: for a straight one the curly one that opens or
 * closes, as the character before it says; for a curly one the straight one.
 *
 * @param before The character before it, empty at the start.
 */
export function quotesOf(character: string, before: string): string[] {
  const kind = quotes.find((marks) => marks.includes(character));
  if (kind === undefined) return [];
  const [straight, open, close, ...rare] = kind;
  const curly = opening.test(before) ? [open!, close!] : [close!, open!];
  return [straight!, ...curly, ...rare];
}

/** What else a character may be written as, the likeliest first: other dashes and spaces, plain letters, another case. */
export function lookalikesOf(character: string): string[] {
  if (dashes.includes(character)) return character === "-" ? [...dashes] : ["-", "--", ...dashes];
  if (/\s/u.test(character)) return [" ", "\n"];
  if (character === "…") return ["..."];
  const plain = character.normalize("NFKD").replace(/\p{Mark}/gu, "");
  return [plain, character.toLowerCase(), plain.toLowerCase(), character.toUpperCase(), plain.toUpperCase()];
}
