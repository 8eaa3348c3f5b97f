import { type CleanOptions, cleanPrompt } from "@charlstm/corpus";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import {
  type Backend,
  betweenItems,
  createEngineBackend,
  type GeneratedCharacter,
  type GenerateOptions,
  generate,
  itemKindOf,
  itemMark,
  longestRunsOf,
} from "@charlstm/training";
import { type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import type { CharacterMap } from "../logic/character-map.js";
import type { InterestingCell } from "../logic/interesting-cells.js";
import type { Beginning } from "../logic/written-items.js";
import { shownVocabulary } from "./items.js";
import type { OneCharacter, OpenModel, WatchedText } from "./watched-text.js";

/** What a text is written with: what of the options of `generate` can be sent to a worker. */
export interface WriteRequest
  extends Pick<
    GenerateOptions,
    "prompt" | "length" | "seed" | "temperature" | "frequencyPenalty" | "minP" | "topK" | "topP"
  > {
  /** How many whole items to write instead, each of `length` characters at the most. */
  items?: number;
}

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
  let open: OpenModel | undefined;
  /** What was read last with every cell watched; another model may be open for writing since. */
  let watched: WatchedText | undefined;
  let abort = new AbortController();

  function model() {
    if (!open) throw new Error("No model is open.");
    return open;
  }

  function watchedText() {
    if (!watched) throw new Error("No text was read yet.");
    return watched;
  }

  async function release(old: OpenModel | undefined): Promise<void> {
    if (old !== open && old !== watched?.model) await old?.backend.dispose();
  }

  return {
    async openModel(checkpoint: Checkpoint): Promise<void> {
      abort.abort();
      const old = open;
      open = undefined;
      await release(old);
      const { architecture, objective, weights } = checkpoint;
      const backend = await createEngineBackend({
        ...{ architecture, objective, optimizer: { name: "sgd" }, rows: 1, seed: 0, purpose: "streams" },
      });
      backend.writeWeights(weights);
      open = { backend, vocabulary: vocabularyFromJSON(checkpoint.vocabulary), checkpoint };
    },

    /**
     * What the open model goes on from: what was typed, with the characters that its text has, or its text's beginning, which of items
     * is none.
     */
    beginningFor(typed: string): Beginning {
      const { checkpoint, vocabulary } = model();
      const { metadata } = checkpoint;
      const isOfItems = itemKindOf(checkpoint) !== undefined;
      const between = isOfItems ? betweenItems(vocabulary) : undefined;
      if (typed !== "") return { prompt: cleanPrompt(typed, cleaningOf(metadata)), between };
      if (isOfItems) return { prompt: "", between };
      return { prompt: typeof metadata.prompt === "string" ? metadata.prompt : vocabulary.characters[0]!, between };
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
          for await (const character of oneAfterTheOther(backend, vocabulary, options)) {
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
    async readText(text: string): Promise<ReadText> {
      const { interestingCells, watchText } = await import("./looking.js");
      const { vocabulary, checkpoint } = model();
      // Between items that have no lines a line's end is where the next one begins.
      const isOfLines = vocabulary.idOf(itemMark) !== undefined;
      const characters = [...text]
        .filter((one) => vocabulary.idOf(one) !== undefined || (isOfLines && one === "\n"))
        .slice(0, longestRead);
      const { units } = checkpoint.architecture;
      const old = watched?.model;
      watched = watchText(model(), characters);
      await release(old);
      return { characters, units, suggestions: interestingCells(characters, watched.activations, cellsOf(units)) };
    },

    /** The activation of one cell, tanh(c), at each character that was read, in `[-1, 1]`. */
    cell(cell: number): Float32Array {
      const { activations, model } = watchedText();
      const cells = cellsOf(model.checkpoint.architecture.units);
      return Float32Array.from(
        { length: activations.length / cells },
        (_, place) => activations[place * cells + cell]!,
      );
    },

    /** What happens in the network at one character of the text that was read, with one cell's gates. */
    follow(place: number, cell: number): OneCharacter {
      return watchedText().follow(place, cell);
    },

    /** The plane in which the input characters' learned vectors, the rows of the first kernel, differ most. */
    async mapCharacters(): Promise<CharacterMap> {
      const { mapCharacters } = await import("./looking.js");
      const { vocabulary, weights } = watchedText().model.checkpoint;
      return mapCharacters(shownVocabulary(vocabulary), weights[0]!.values);
    },
  };
}

/** Writes a text, or items in their order: each is the one that the command line writes in its place with the same seed. */
async function* oneAfterTheOther(
  backend: Backend,
  vocabulary: Vocabulary,
  { items, seed = Date.now(), ...options }: WriteRequest & GenerateOptions,
): AsyncGenerator<GeneratedCharacter, void, void> {
  if (items === undefined) return yield* generate(backend, vocabulary, { ...options, seed });
  for (let item = 0; item < items; item++) {
    for await (const character of generate(backend, vocabulary, { ...options, seed: seed + item }))
      yield { ...character, text: item };
  }
}

const cellsOf = (units: readonly number[]): number => units.reduce((sum, width) => sum + width, 0);

/** How the text of a model was cleaned, as a run of the page or the command line records it; it may come from any file. */
function cleaningOf({ corpus }: Checkpoint["metadata"]): CleanOptions {
  const { recipe, cleaning } = (corpus ?? {}) as { recipe?: unknown; cleaning?: { foldCase?: unknown } };
  return recipe === "notebook" ? { recipe } : { foldCase: cleaning?.foldCase === true };
}
