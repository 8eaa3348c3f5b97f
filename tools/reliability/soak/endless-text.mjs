import { generate } from "@charlstm/training";
import { trainedBackend } from "./life.mjs";

/** A text of `length` characters in one stream, written a piece at a time; a probability that is not one ends it with an error. */
export async function createEndlessText(length) {
  const { backend, vocabulary, prompt } = await trainedBackend();
  const stream = generate(backend, vocabulary, { prompt, length, temperature: 1, seed: 1 });
  const pieces = [];
  let written = 0;

  async function write(count) {
    const piece = { nats: 0, characters: 0, kinds: new Set() };
    while (piece.characters < count) {
      const { done, value } = await stream.next();
      if (done) break;
      const { probability, modelProbability, character } = value;
      if (!(probability > 0 && probability <= 1 && modelProbability > 0 && modelProbability <= 1)) {
        throw new Error(`character ${written} has the probabilities ${probability} and ${modelProbability}`);
      }
      piece.nats -= Math.log(modelProbability);
      piece.characters++;
      piece.kinds.add(character);
      written++;
      if (piece.characters % 10_000 === 0) keep(piece);
    }
    return { characters: written };
  }

  function keep(piece) {
    pieces.push({ nats: piece.nats / 10_000, kinds: piece.kinds.size });
    piece.nats = 0;
    piece.kinds.clear();
  }

  return {
    write,
    /** Least and most nats per character over pieces of 10,000: a text that has drifted off has other ones. */
    report() {
      const nats = pieces.map((piece) => piece.nats);
      const kinds = pieces.map((piece) => piece.kinds);
      const range = (values, digits) =>
        `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
      return `${range(nats, 3)}, ${range(kinds, 0)} different characters, in each of ${pieces.length} pieces of 10,000`;
    },
    end: () => backend.dispose(),
  };
}
