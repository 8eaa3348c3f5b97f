// Beginnings of every kind that people type, taken from a text.
import { createRandom } from "@charlstm/sampling";

const named = ["HELLO", "THE END", "HELLO WORLD", "\n", "“", "”", '"', "'", "‘", "““", '"I', "“I"];

/**
 * Up to `count` prompts that a model of the text can read: its beginning, sentence starts, words in capitals, digits, quotation marks, single
 * characters and the middles of words; the same ones for the same text.
 *
 * @returns {{ kind: string, prompt: string }[]}
 */
export function promptsFrom(text, vocabulary, count = 200) {
  const random = createRandom(3);
  const known = new Set(vocabulary.characters);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const words = [...new Set(text.match(/\p{L}{4,}/gu))];
  const sentences = Array.from(text.matchAll(/[.!?]["”’]?\s+([\p{Lu}“"][^.!?]{10,60})/gu), ([, sentence]) => sentence);
  const middle = (word) =>
    word.slice(1 + Math.floor(random() * (word.length - 2))).slice(0, 1 + Math.floor(random() * 3));
  const kinds = [
    ["default", 1, () => text.slice(0, 60)],
    ["named", named.length, (index) => named[index]],
    ["sentence", 45, () => pick(sentences)],
    ["capitals", 45, () => (random() < 0.3 ? `${pick(words)} ${pick(words)}` : pick(words)).toUpperCase()],
    ["digits", 12, (index) => String(Math.floor(random() * 10 ** (1 + (index % 4))))],
    ["single", 40, () => pick(vocabulary.characters)],
    ["middle", 60, () => middle(pick(words))],
  ];
  return kinds
    .flatMap(([kind, times, make]) => Array.from({ length: times }, (_, index) => ({ kind, prompt: make(index) })))
    .filter(({ prompt }) => prompt && [...prompt].every((character) => known.has(character)))
    .slice(0, count);
}
