import fc from "fast-check";
import { expect, test } from "vitest";
import { compose } from "./compose.js";

const piece = fc.oneof(
  fc.constantFrom("e", "\u0301", "\u0323", "\u{1e8d0}", "가", "\u11a8", "\n"),
  fc.nat({ max: 250 }).map((count) => "\u0323\u0301".repeat(count)),
  fc.nat({ max: 150 }).map((count) => "\u{1e8d0}".repeat(count)),
  fc.nat({ max: 150 }).map((count) => "x".repeat(count)),
);

test("a text is in normal form C but for runs of over a hundred combining marks, wherever they begin", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      const expected = text
        .split(/(\p{M}{100,})/u)
        .map((each, index) => (index % 2 === 0 ? each.normalize("NFC") : each))
        .join("");
      expect(compose(text)).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
