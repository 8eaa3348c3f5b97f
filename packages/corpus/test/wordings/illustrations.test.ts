import { describe, expect, test } from "vitest";
import { cutIllustrations } from "../../src/index.js";
import { combine, expectGone, expectKept } from "./expect-each.js";

describe("illustrations", () => {
  const words = [
    ...["Illustration", "ILLUSTRATIONS", "illustrated", "Illustrazione", "illustrazioni"],
    ...["Ilustracion", "Ilustración", "ilustraciones", "Ilustraciónes", "Ilustração", "ilustrações"],
    ...["Illustratie", "Illustraties", "Illustratione", "Illustrationen", "Abbildung", "Abbildungen"],
    ...["Kuvitus", "Kuva", "Frontispiece", "Decoration", "decorations", "Decorative"],
  ];
  const before = ["", "Full-page ", "full page ", "Colour ", "color ", "Coloured\n", "colored "];

  test("go in every language, with what may stand before the word", () => {
    const wordings = [...combine(before, words), ...combine([" ", "\n   "], words)];
    expectGone(cutIllustrations, wordings, (wording) => [`a [${wording}: x] b`, "a  b"]);
    expectGone(cutIllustrations, words, (wording) => [`a [${wording}] b`, "a  b"]);
  });

  test("are not words that begin like theirs, nor words after others", () => {
    expectKept(cutIllustrations, [
      "[Illustrationism]",
      "[Illustration2]",
      "[Kuvan]",
      "[Decorated]",
      "[Fullpage Illustration]",
      "[fullxpage illustration]",
      "[Colour: x]",
      "[see Illustration]",
      "[     Illustration]",
      "[.Illustration]",
    ]);
    expect(cutIllustrations("a [see [Illustration: x] there] b").text).toBe("a [see  there] b");
  });
});
