// Ordering a run of combining marks takes time that grows with its square; no script has runs this long.
const LONG_RUN = /\p{M}{100,}/gu;

/** Normal form C, but for runs of over a hundred combining marks, which stay as they are. */
export function compose(text: string): string {
  const pieces: string[] = [];
  let position = 0;
  for (const { 0: run, index } of text.matchAll(LONG_RUN)) {
    pieces.push(text.slice(position, index).normalize("NFC"), run);
    position = index + run.length;
  }
  if (position === 0) return text.normalize("NFC");
  return [...pieces, text.slice(position).normalize("NFC")].join("");
}

/** Lower case, in normal form C. Folding what is folded changes nothing. */
export function foldCase(text: string): string {
  return compose(text.toLowerCase());
}
