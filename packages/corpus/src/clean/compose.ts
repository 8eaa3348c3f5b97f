// Ordering a run of combining marks takes time that grows with its square; no script has runs this long.
const LONG = 100;
const LONG_RUN = new RegExp(`\\p{M}{${LONG},}`, "uy");
const MARK = /^\p{M}/u;
const FIRST_MARK = 0x300;

/** Normal form C, but for runs of over a hundred combining marks, which stay as they are. */
export function compose(text: string): string {
  const pieces: string[] = [];
  let position = 0;
  for (const { 0: run, index } of longRuns(text)) {
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

// A run has a mark in each place whose number is a multiple of its length; to look there alone is many times faster.
function* longRuns(text: string): Generator<RegExpExecArray> {
  for (let at = 0; at < text.length; at += LONG) {
    if (!isMark(text, at)) continue;
    let start = at;
    while (start > 0 && isMark(text, start - 1)) start--;
    LONG_RUN.lastIndex = start;
    const run = LONG_RUN.exec(text);
    if (!run) continue;
    yield run;
    at = run.index + run[0].length;
  }
}

// Also for the second half of a surrogate pair.
function isMark(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < FIRST_MARK) return false;
  const isLowHalf = unit >= 0xdc00 && unit < 0xe000 && at > 0;
  return MARK.test(text.slice(isLowHalf ? at - 1 : at, at + 2));
}
