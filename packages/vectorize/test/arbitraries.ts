import fc from "fast-check";

/** Any JavaScript string: letters, astral characters, combining marks, right-to-left letters, surrogates without a partner. */
export function anyText(constraints: fc.ArrayConstraints = {}): fc.Arbitrary<string> {
  const piece = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "a",
        "b",
        " ",
        "\n",
        "é",
        "e\u0301",
        "שלום",
        "م",
        "😀",
        "👩‍👩‍👧",
        "\u{10ffff}",
        "\0",
        "\uffff",
      ),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) },
    { weight: 1, arbitrary: fc.constantFrom("\ud83d", "\ude00", "\ud800", "\udfff") },
  );
  return fc.array(piece, constraints).map((pieces) => pieces.join(""));
}

/** A text and places to cut it, in UTF-16 units, also inside a character. */
export function cutText(): fc.Arbitrary<{ text: string; chunks: string[] }> {
  return fc.tuple(anyText({ minLength: 1 }), fc.array(fc.nat(40), { maxLength: 8 })).map(([text, cuts]) => {
    const borders = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
    return { text, chunks: borders.slice(1).map((end, index) => text.slice(borders[index], end)) };
  });
}

/** Ids `0, 1, 2, …`, so that a value tells where in the text it stood. */
export function places(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, index) => index);
}
