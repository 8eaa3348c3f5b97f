import { type Point, pictures, placePoints, spreadPoints } from "./map-layout.js";
import { principalComponents, similarRows } from "./principal-components.js";

/** Characters as points in a plane, laid out for screens of both widths: some seconds of work, so no task of a page. */
export interface CharacterMap {
  characters: readonly string[];
  /** Characters that the model knows; those that are left out are the ones of which it has learnt least. */
  known: number;
  /** Where their labels stand. */
  wide: readonly Point[];
  narrow: readonly Point[];
  /** Share of the differences that each of the two directions shows. */
  explained: [number, number];
  /** Of each character, the indexes of those with the most similar vectors, the most similar first. */
  neighbours: number[][];
}

/** More labels than these cover each other, and their distances take seconds: a text in Chinese has thousands. */
const mostShown = 200;
const neighboursShown = 5;

/**
 * Maps the characters by their learned vectors.
 *
 * @param kernel The rows of the first kernel, shape `[characters, columns]`.
 */
export function mapCharacters(vocabulary: readonly string[], kernel: Float32Array): CharacterMap {
  const columns = kernel.length / vocabulary.length;
  const row = (id: number) => kernel.subarray(id * columns, (id + 1) * columns);
  const shown = longest(vocabulary.length, row);
  const values = new Float32Array(shown.length * columns);
  for (const [place, id] of shown.entries()) values.set(row(id), place * columns);
  const { points, explained } = principalComponents(values, shown.length, columns);
  const { wide, narrow } = pictures;
  return {
    characters: shown.map((id) => vocabulary[id]!),
    known: vocabulary.length,
    wide: spreadPoints(placePoints(points, wide), wide),
    narrow: spreadPoints(placePoints(points, narrow), narrow),
    explained,
    neighbours: similarRows(values, shown.length, columns, neighboursShown),
  };
}

/** The ids of the longest rows, in their order: a character that was hardly read still has the short one that it began with. */
function longest(rows: number, row: (id: number) => Float32Array): number[] {
  const ids = Array.from({ length: rows }, (_, id) => id);
  if (rows <= mostShown) return ids;
  const lengths = ids.map((id) => row(id).reduce((sum, value) => sum + value * value, 0));
  return ids
    .sort((a, b) => lengths[b]! - lengths[a]! || a - b)
    .slice(0, mostShown)
    .sort((a, b) => a - b);
}
