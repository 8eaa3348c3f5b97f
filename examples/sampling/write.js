// Draws from a model of one's own: how often a character follows another. Any model that gives probabilities will do, or logits,
// which is what a sampler takes where `input` is left out.
import { createRandom, createSampler } from "@charlstm/sampling";

const text = "the rain in spain stays mainly in the plain, and the train in the rain stays in spain. ";
const characters = [...new Set(text)].sort();

/** Probabilities of the character that follows `character`, in the order of `characters`. */
function probabilitiesAfter(character) {
  const counts = characters.map(() => 0);
  for (let at = 0; at < text.length - 1; at++) if (text[at] === character) counts[characters.indexOf(text[at + 1])]++;
  const sum = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (sum === 0 ? 1 / counts.length : count / sum));
}

for (const temperature of [0.2, 0.7, 1.2]) {
  const sampler = createSampler({ input: "probabilities", temperature, topP: 0.95, random: createRandom(1) });
  let written = "t";
  while (written.length < 60) {
    written += characters[sampler(probabilitiesAfter(written.at(-1)))];
  }
  console.log(`temperature ${temperature}: ${written}`);
}
