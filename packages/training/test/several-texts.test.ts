import { createVocabulary, decode, encode } from "@charlstm/vectorize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTextJoiner, splitText, textSeparator } from "../src/index.js";
import { endOf, runAll, tinyBackend, tinySettings, tinyText, withoutTime } from "./helpers.js";

/** Texts of letters, spaces and lines, and of characters that take two units. */
const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "😀"), minLength: 1 }), { minLength: 1 });
const shares = fc.double({ min: 0, max: 0.99, noNaN: true });

/** All texts, each cut into pieces of two units. */
function joined(all: readonly string[]) {
  const joiner = createTextJoiner();
  let whole = "";
  for (const text of all) {
    for (let start = 0; start < text.length; start += 2) whole += joiner.next(text.slice(start, start + 2));
    joiner.endText();
  }
  return { whole, places: joiner.places };
}

describe("several texts", () => {
  test("are joined by the separator, and stand where it says, in code points", () => {
    fc.assert(
      fc.property(texts, (all) => {
        const { whole, places } = joined(all);
        expect(whole).toBe(all.join(textSeparator));
        const characters = [...whole];
        expect(places.map(({ begin, end }) => characters.slice(begin, end).join(""))).toEqual(all);
      }),
    );
  });

  test("hold out the end of each, and what trains has none of it", () => {
    fc.assert(
      fc.property(texts, shares, (all, share) => {
        const { whole, places } = joined(all);
        const vocabulary = createVocabulary(whole + textSeparator);
        const { train, heldOut } = splitText(encode(whole, vocabulary), share, places);
        // The plain way: cut every text, and join what is of a kind.
        const parts = all.map((text) => {
          const characters = [...text];
          const border = characters.length - Math.floor(characters.length * share);
          return [characters.slice(0, border).join(""), characters.slice(border).join("")] as const;
        });
        expect(decode(train, vocabulary)).toBe(parts.map(([trains]) => trains).join(textSeparator));
        const held = parts.map(([, measures]) => measures).filter((part) => part !== "");
        expect(decode(heldOut, vocabulary)).toBe(held.join(textSeparator));
      }),
    );
  });

  test("are split into views where there is one", () => {
    const { ids } = tinyText();
    const { train, heldOut } = splitText(ids, 0.25, [{ begin: 0, end: ids.length }]);
    expect([train.buffer, heldOut.buffer]).toEqual([ids.buffer, ids.buffer]);
    expect(train.length + heldOut.length).toBe(ids.length);
    expect(heldOut.length).toBe(Math.floor(ids.length / 4));
  });
});

test("a text that is split before it is trained on gives the run that is split by the settings", async () => {
  const settings = { ...tinySettings.sequence, heldOut: 0.2, epochs: 1 };
  const { ids, vocabulary } = tinyText();
  const whole = await runAll(await tinyBackend(settings), { settings });
  const { train, heldOut } = splitText(ids, settings.heldOut);
  const split = await runAll(await tinyBackend(settings), { settings }, { ids: train, vocabulary, heldOut });
  expect(withoutTime(split)).toEqual(withoutTime(whole));
  expect(endOf(split).history[0]!.heldOutLoss).toBeGreaterThan(0);
});
