import { countCharacters, mapBack, mergeSpans, type Spans, without } from "./spans.js";

/** The reasons for which a piece of text is cut. */
export type CutRule =
  | "header"
  | "licence"
  | "credits"
  | "transcriber-notes"
  | "illustrations"
  | "footnotes"
  | "side-notes"
  | "marks"
  | "italics"
  | "bold"
  | "blank-lines"
  | "line-wraps"
  | "before-marker"
  | "after-marker"
  | "brackets"
  | "white-space";

/** Everything that one rule took out of a text. Lines count from 1; both are lines of the text that was given. */
export interface Cut {
  readonly rule: CutRule;
  /** How many separate pieces. */
  readonly places: number;
  readonly firstLine: number;
  readonly lastLine: number;
  /** Code points in all pieces together. */
  readonly characters: number;
  /** The pieces, as offsets for `slice`: `[start, end, start, end, …]`, sorted, never overlapping another cut's. */
  readonly spans: Spans;
}

/** What a step finds to cut: spans in the text that it was given, none where there is nothing. */
export interface Found {
  readonly rule: CutRule;
  readonly spans: Spans;
}

/** One step of the cleaning: finds things to cut, changes nothing. Must take time linear in the text. */
export type Finder = (text: string) => readonly Found[];

// Cutting just before one of these would make it combine with what then stands before it, and the text would no
// longer be in normal form C: combining marks, and the vowels and finals of Hangul.
const COMBINES = /^[\p{M}\u1160-\u11ff]/u;

/** A text on its way from given to clean, which remembers where everything that is gone stood in the given text. */
export class Draft {
  text: string;
  readonly #given: string;
  readonly #keepNormal: boolean;
  readonly #spans = new Map<CutRule, number[]>();
  #removed: number[] = [];

  /**
   * @param given The text to clean; the spans of all cuts are offsets in it.
   * @param options.keepNormal Whether `given` is in normal form C and has to stay so. Default `false`.
   */
  constructor(given: string, options: { keepNormal?: boolean } = {}) {
    this.text = given;
    this.#given = given;
    this.#keepNormal = options.keepNormal ?? false;
  }

  /** Cuts what a step finds; returns whether it found anything. */
  cut(finder: Finder): boolean {
    let all: number[] = [];
    const removedBefore = this.#removed;
    for (const { rule, spans } of finder(this.text)) {
      const safe = this.#keepNormal ? this.#withoutJoins(spans) : spans;
      if (safe.length === 0) continue;
      all = mergeSpans(all, safe);
      const inGiven = mapBack(safe, removedBefore);
      this.#spans.set(rule, mergeSpans(this.#spans.get(rule) ?? [], inGiven));
      this.#removed = mergeSpans(this.#removed, inGiven);
    }
    if (all.length > 0) this.text = without(this.text, all);
    return all.length > 0;
  }

  /** Swaps characters for others without moving any: the new text must be as long as the old one. */
  substitute(text: string): void {
    if (text.length !== this.text.length) throw new RangeError("a substitution must keep the length");
    this.text = text;
  }

  /** Where a place in the text stands in the given text: the line, from 1. */
  lineInGiven(position: number): number {
    const [place = 0] = mapBack([position, position + 1], this.#removed);
    return 1 + countLineBreaks(this.#given, 0, place);
  }

  /** What was cut so far, in the order in which the rules first applied. */
  cuts(): Cut[] {
    return [...this.#spans].map(([rule, spans]) => describe(rule, spans, this.#given));
  }

  #withoutJoins(spans: Spans): Spans {
    const joins = (end: number, start: number) =>
      start > 0 && this.text[start - 1] !== "\n" && COMBINES.test(this.text.slice(end, end + 2));
    let safe: number[] | undefined;
    for (let index = 0; index < spans.length; index += 2) {
      const join = joins(spans[index + 1]!, spans[index]!);
      if (join && safe === undefined) safe = spans.slice(0, index);
      else if (!join && safe !== undefined) safe.push(spans[index]!, spans[index + 1]!);
    }
    return safe ?? spans;
  }
}

function describe(rule: CutRule, spans: Spans, given: string): Cut {
  let characters = 0;
  for (let index = 0; index < spans.length; index += 2) {
    characters += countCharacters(given, spans[index]!, spans[index + 1]!);
  }
  const lastCharacter = spans[spans.length - 1]! - 1;
  const firstLine = 1 + countLineBreaks(given, 0, spans[0]!);
  return {
    rule,
    places: spans.length / 2,
    firstLine,
    lastLine: firstLine + countLineBreaks(given, spans[0]!, lastCharacter),
    characters,
    spans,
  };
}

function countLineBreaks(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
