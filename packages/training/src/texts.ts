// Several texts as one: what stands between them, and where each one stands.
import { createItemMarker, type ItemKind, itemMark } from "./items.js";

/** What stands between two texts that are read one after the other. */
export const textSeparator = "\n\n";

/** Where a text stands among others, in characters of the whole. */
export interface TextPlace {
  begin: number;
  /** One past its last character. */
  end: number;
}

/** Joins texts that come in pieces. */
export interface TextJoiner {
  /** A piece of a text, as it stands in the whole: before the first one of a further text, what separates them. */
  next(piece: string): string;
  /** Says that the next piece is another text's. */
  endText(): void;
  /** What follows the last text: of items the mark that ends the last one. */
  rest(): string;
  /** Where each text that was ended stands. */
  readonly places: readonly TextPlace[];
}

/** Starts to join texts; of items, each piece comes with their marks, the one before a text's first item too. */
export function createTextJoiner(items?: ItemKind): TextJoiner {
  const counter = createCounter();
  const places: TextPlace[] = [];
  const marker = items && createItemMarker(items);
  let begin = 0;
  let isBetween = false;
  return {
    places,
    next(piece) {
      const text = marker ? marker.next(piece) : piece;
      if (text === "") return "";
      const separator = isBetween && !marker ? textSeparator : "";
      counter.add(separator);
      if (isBetween) begin = counter.characters;
      isBetween = false;
      counter.add(text);
      return separator + text;
    },
    endText() {
      marker?.endText();
      places.push({ begin: isBetween ? counter.characters : begin, end: counter.characters });
      isBetween = true;
    },
    rest: () => (marker && counter.characters > 0 ? itemMark : ""),
  };
}

/** Counts code points over pieces that may be cut within one. */
function createCounter(): { readonly characters: number; add(piece: string): void } {
  let characters = 0;
  let isAfterHigh = false;
  return {
    get characters() {
      return characters;
    },
    add(piece) {
      for (let place = 0; place < piece.length; place++) {
        const unit = piece.charCodeAt(place);
        if (!isAfterHigh || unit < 0xdc00 || unit > 0xdfff) characters++;
        isAfterHigh = unit >= 0xd800 && unit <= 0xdbff;
      }
    },
  };
}
