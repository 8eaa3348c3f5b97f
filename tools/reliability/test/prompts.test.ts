import { readNovel } from "@charlstm/novel";
import { presetFor } from "@charlstm/training";
import { expect, test } from "vitest";
import { judgeOf } from "../prompts/judge.mjs";
import { trial } from "../prompts/trial.mjs";

const novel = readNovel().slice(0, 120_000);

test("the judge takes the book's own sentences for text, and one character repeated for none", () => {
  const judge = judgeOf(novel);
  const own = judge(novel.slice(100_000, 100_400));
  const junk = judge(`It is ${"24““FCRP2".repeat(40)}`);
  expect(own.realWords).toBeGreaterThan(0.95);
  expect(junk.realWords).toBeLessThan(0.1);
  expect(junk.surprise).toBeGreaterThan(own.surprise + 3);
});

test("quick writes no junk from any of a hundred beginnings, and its held-out loss never jumps", {
  timeout: 600_000,
}, async () => {
  const settings = { ...presetFor("quick", novel.length), seed: 2 };
  const { curve, highestJump, texts, beginnings } = await trial(novel, settings, { count: 100, beginnings: 200 });
  expect(curve).toHaveLength(settings.epochs);
  expect(highestJump).toBeLessThan(0.1);
  expect(texts.length).toBeGreaterThan(60);
  // After a part of a book many a word is spelt wrong; what falls into junk spells none, at eleven nats.
  const surprises = texts.map(({ surprise }) => surprise).sort((a, b) => a - b);
  expect(surprises.at(-1)! - surprises[0]!).toBeLessThan(1);
  for (const { realWords } of texts) expect(realWords).toBeGreaterThan(0.4);
  expect(beginnings.highest).toBeLessThan(beginnings.mean + 1.2);
});
