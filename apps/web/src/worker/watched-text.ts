// A text that a model has read with every cell watched, and what happens in the network at one of its characters.
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { type Backend, itemMark } from "@charlstm/training";
import type { Vocabulary } from "@charlstm/vectorize";
import { type CellStep, cellStep } from "../logic/cell-step.js";
import { shownVocabulary } from "./items.js";

/** A model that is open for writing and looking inside. */
export interface OpenModel {
  backend: Backend;
  vocabulary: Vocabulary;
  checkpoint: Checkpoint;
}

/** What happens at one character of a text. */
export interface OneCharacter {
  place: number;
  /** Of the chosen cell. */
  step: CellStep;
  /** For the character that comes next, in the order of `characters`. */
  logits: Float32Array;
  characters: readonly string[];
}

export interface WatchedText {
  model: OpenModel;
  /** The characters that the model knows, in order. */
  characters: string[];
  /** Of all layers' cells, tanh(c), shape `[characters, cells]`. */
  activations: Float32Array<ArrayBuffer>;
  /** The network at one character, with one cell's gates. */
  follow(place: number, cell: number): OneCharacter;
}

/** Characters between two states that are kept, to begin from at any place. */
const between = 64;

/** Has a model read a text; one of items from an item's beginning on, and a character that it does not know as the end of one. */
export function watchText(model: OpenModel, characters: string[]): WatchedText {
  const { backend, vocabulary, checkpoint } = model;
  const { units } = checkpoint.architecture;
  const mark = vocabulary.idOf(itemMark);
  const ids = Uint32Array.from(characters, (character) => vocabulary.idOf(character) ?? mark!);
  const cells = units.reduce((sum, width) => sum + width, 0);
  const activations = new Float32Array(ids.length * cells);
  const states: Float32Array[] = [];
  const stream = backend.openStream();
  try {
    if (mark !== undefined) stream.step([mark]);
    for (let place = 0; place < ids.length; place++) {
      if (place % between === 0) states.push(stream.readState().slice());
      stream.step([ids[place]!]);
      let to = place * cells;
      for (const { c } of layersOf(stream.readState(), units))
        for (const value of c) activations[to++] = Math.tanh(value);
    }
  } finally {
    stream.dispose();
  }

  return {
    model,
    characters,
    activations,
    follow(place, cell) {
      const stream = backend.openStream();
      try {
        stream.writeState(states[Math.floor(place / between)]!);
        for (let at = place - (place % between); at < place; at++) stream.step([ids[at]!]);
        const before = stream.readState().slice();
        const logits = Float32Array.from(stream.step([ids[place]!]));
        const after = stream.readState();
        const step = stepOf(checkpoint, { before, after, id: ids[place]!, cell });
        return { place, step, logits, characters: shownVocabulary(vocabulary.characters) };
      } finally {
        stream.dispose();
      }
    },
  };
}

interface Moment {
  before: Float32Array;
  after: Float32Array;
  id: number;
  /** Counted through all layers. */
  cell: number;
}

function stepOf({ architecture, weights }: Checkpoint, { before, after, id, cell }: Moment): CellStep {
  const { units } = architecture;
  const states = layersOf(before, units);
  let own = cell;
  let layer = 0;
  while (own >= units[layer]!) own -= units[layer++]!;
  const [kernel, recurrent, bias] = weights.slice(3 * layer, 3 * layer + 3).map(({ values }) => values);
  const input = layer === 0 ? id : layersOf(after, units)[layer - 1]!.h;
  return cellStep({ kernel: kernel!, recurrent: recurrent!, bias: bias! }, input, states[layer]!, own);
}

/** Each layer's part of a stream's state: its h, then its c. */
function layersOf(state: Float32Array, units: readonly number[]): { h: Float32Array; c: Float32Array }[] {
  let from = 0;
  return units.map((width) => {
    const layer = { h: state.subarray(from, from + width), c: state.subarray(from + width, from + 2 * width) };
    from += 2 * width;
    return layer;
  });
}
