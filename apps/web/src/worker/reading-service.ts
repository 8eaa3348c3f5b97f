import { type CleanOptions, cleanPrompt } from "@charlstm/corpus";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import {
  type Backend,
  createEngineBackend,
  type GeneratedCharacter,
  type GenerateOptions,
  generate,
  longestRunsOf,
} from "@charlstm/training";
import { encode, type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import { type CharacterMap, mapCharacters } from "../logic/character-map.js";
import { type InterestingCell, interestingCells } from "../logic/interesting-cells.js";

/** What a text is written with: what of the options of `generate` can be sent to a worker. */
export type WriteRequest = Pick<
  GenerateOptions,
  "prompt" | "length" | "seed" | "temperature" | "frequencyPenalty" | "minP" | "topK" | "topP"
>;

/** Takes characters of one of the texts; they come over a port of their own, so that only its answer says they are there. */
export type Tell = (text: number, characters: GeneratedCharacter[]) => void | PromiseLike<void>;

/** A text as a model reads it. */
export interface ReadText {
  /** The characters that the model knows, in order; the others were passed over. */
  characters: string[];
  /** Cells in each layer. */
  units: readonly number[];
  suggestions: InterestingCell[];
}

/** Characters told to the page at once. */
const most = 24;
const alternatives = 6;
const longestRead = 4000;

/** Holds the model that is open for writing and looking inside. */
export function createReadingService() {
  let open: { backend: Backend; vocabulary: Vocabulary; checkpoint: Checkpoint } | undefined;
  let activations = new Float32Array(0);
  let abort = new AbortController();

  function model() {
    if (!open) throw new Error("No model is open.");
    return open;
  }

  return {
    async openModel(checkpoint: Checkpoint): Promise<void> {
      abort.abort();
      await open?.backend.dispose();
      open = undefined;
      const { architecture, objective, weights } = checkpoint;
      const backend = await createEngineBackend({
        ...{ architecture, objective, optimizer: { name: "sgd" }, rows: 1, seed: 0, purpose: "streams" },
      });
      backend.writeWeights(weights);
      open = { backend, vocabulary: vocabularyFromJSON(checkpoint.vocabulary), checkpoint };
    },

    /** What the open model goes on from: what was typed, with the characters that its text has, or its text's beginning. */
    promptFor(typed: string): string {
      const { metadata, vocabulary } = model().checkpoint;
      if (typed === "") return typeof metadata.prompt === "string" ? metadata.prompt : vocabulary[0]!;
      return cleanPrompt(typed, cleaningOf(metadata));
    },

    /** Writes a text, a few characters at a time, until it is done or another is asked for. */
    async write(requests: readonly WriteRequest[], tell: Tell) {
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      const { backend, vocabulary, checkpoint } = model();
      const longestRuns = longestRunsOf(checkpoint);
      await Promise.all(
        requests.map(async (request, text) => {
          const options = { ...request, longestRuns, alternatives, unknown: "skip" as const, signal };
          let part: GeneratedCharacter[] = [];
          for await (const character of generate(backend, vocabulary, options)) {
            part.push(character);
            if (part.length >= most) {
              await tell(text, part);
              part = [];
            }
          }
          if (part.length > 0) await tell(text, part);
        }),
      ).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },

    stopWriting(): void {
      abort.abort();
    },

    /** Reads a text with every cell watched, and says which cells follow something that can be named. */
    readText(text: string): ReadText {
      const { backend, vocabulary, checkpoint } = model();
      const characters = [...text]
        .filter((character) => vocabulary.idOf(character) !== undefined)
        .slice(0, longestRead);
      const { units } = checkpoint.architecture;
      activations = activate(backend, encode(characters.join(""), vocabulary), units);
      const cells = units.reduce((sum, width) => sum + width, 0);
      return { characters, units, suggestions: interestingCells(characters, activations, cells) };
    },

    /** The activation of one cell, tanh(c), at each character that was read, in `[-1, 1]`. */
    cell(cell: number): Float32Array {
      const { units } = model().checkpoint.architecture;
      const cells = units.reduce((sum, width) => sum + width, 0);
      return Float32Array.from(
        { length: activations.length / cells },
        (_, place) => activations[place * cells + cell]!,
      );
    },

    /** The plane in which the input characters' learned vectors, the rows of the first kernel, differ most. */
    mapCharacters(): CharacterMap {
      const { vocabulary, weights } = model().checkpoint;
      return mapCharacters(vocabulary, weights[0]!.values);
    },
  };
}

/** How the text of a model was cleaned, as a run of the page or the command line records it; it may come from any file. */
function cleaningOf({ corpus }: Checkpoint["metadata"]): CleanOptions {
  const { recipe, cleaning } = (corpus ?? {}) as { recipe?: unknown; cleaning?: { foldCase?: unknown } };
  return recipe === "notebook" ? { recipe } : { foldCase: cleaning?.foldCase === true };
}

/** Activations tanh(c) of all layers' cells, shape `[characters, cells]`. */
function activate(backend: Backend, ids: ArrayLike<number>, units: readonly number[]): Float32Array<ArrayBuffer> {
  const cells = units.reduce((sum, width) => sum + width, 0);
  const activations = new Float32Array(ids.length * cells);
  const stream = backend.openStream();
  try {
    for (let place = 0; place < ids.length; place++) {
      stream.step([ids[place]!]);
      const state = stream.readState();
      let from = 0;
      let to = place * cells;
      for (const width of units) {
        // Each layer's state is h, then c.
        for (let unit = 0; unit < width; unit++) activations[to++] = Math.tanh(state[from + width + unit]!);
        from += 2 * width;
      }
    }
  } finally {
    stream.dispose();
  }
  return activations;
}
