/** Pieces of a text, as pairs of offsets in UTF-16 units: `[start, end, start, end, …]`, sorted and apart. */
export type Spans = readonly number[];

/** The text without the spans. */
export function without(text: string, spans: Spans): string {
  const kept: string[] = [];
  let position = 0;
  for (let index = 0; index < spans.length; index += 2) {
    kept.push(text.slice(position, spans[index]!));
    position = spans[index + 1]!;
  }
  kept.push(text.slice(position));
  return kept.join("");
}

/**
 * Says where spans of a shortened text lie in the text before it was shortened. A span that covers a place where
 * something was removed comes back as the pieces around that place, so that nothing is counted twice.
 *
 * @param removed What was taken out of the longer text, in its offsets.
 */
export function mapBack(spans: Spans, removed: Spans): number[] {
  const mapped: number[] = [];
  let gap = 0;
  let shift = 0;
  for (let index = 0; index < spans.length; index += 2) {
    let start = spans[index]!;
    const end = spans[index + 1]!;
    while (gap < removed.length && removed[gap]! - shift <= start) {
      shift += removed[gap + 1]! - removed[gap]!;
      gap += 2;
    }
    while (gap < removed.length && removed[gap]! - shift < end) {
      const border = removed[gap]! - shift;
      mapped.push(start + shift, border + shift);
      start = border;
      shift += removed[gap + 1]! - removed[gap]!;
      gap += 2;
    }
    mapped.push(start + shift, end + shift);
  }
  return mapped;
}

/** All pieces of two lists that do not overlap, in one sorted list in which touching pieces are one. */
export function mergeSpans(left: Spans, right: Spans): number[] {
  const merged: number[] = [];
  let a = 0;
  let b = 0;
  while (a < left.length || b < right.length) {
    const fromLeft = b >= right.length || (a < left.length && left[a]! < right[b]!);
    const start = fromLeft ? left[a]! : right[b]!;
    const end = fromLeft ? left[a + 1]! : right[b + 1]!;
    if (fromLeft) a += 2;
    else b += 2;
    if (merged.length > 0 && merged[merged.length - 1]! === start) merged[merged.length - 1] = end;
    else merged.push(start, end);
  }
  return merged;
}

/** The number of code points in a piece of a text. */
export function countCharacters(text: string, start = 0, end = text.length): number {
  let count = 0;
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index);
    count++;
    if (unit >= 0xd800 && unit < 0xdc00 && index + 1 < end) {
      const next = text.charCodeAt(index + 1);
      if (next >= 0xdc00 && next < 0xe000) index++;
    }
  }
  return count;
}
