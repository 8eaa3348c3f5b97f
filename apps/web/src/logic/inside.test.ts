import fc from "fast-check";
import { expect, test } from "vitest";
import { mapCharacters } from "./character-map.js";
import { interestingCells } from "./interesting-cells.js";
import { kindOf, placePoints, spreadPoints } from "./map-layout.js";
import { principalComponents, similarRows } from "./principal-components.js";

test("points in a tilted plane are found again, up to its directions' signs", () => {
  // Rows are a·u + b·v with orthonormal u and v, the spread along u the greater.
  const [u, v] = [
    [0.6, 0.8, 0],
    [0, 0, 1],
  ];
  const plane = [
    [-4, 1],
    [-1, -2],
    [1, 2],
    [4, -1],
  ] as const;
  const rows = Float32Array.from(plane.flatMap(([a, b]) => [0, 1, 2].map((axis) => a * u![axis]! + b * v![axis]! + 7)));
  const { points, explained } = principalComponents(rows, 4, 3);
  const distances = (all: readonly (readonly [number, number])[]) =>
    all.flatMap(([x, y]) => all.map(([x2, y2]) => Math.hypot(x - x2, y - y2)));
  const found = distances(points.map(({ x, y }) => [x, y] as const));
  distances(plane).forEach((distance, index) => {
    expect(found[index]).toBeCloseTo(distance, 4);
  });
  expect(explained[0] + explained[1]).toBeCloseTo(1, 5);
  expect(explained[0]).toBeGreaterThan(explained[1]);
});

test("rows that are all the same lie in one point", () => {
  const { points, explained } = principalComponents(new Float32Array(12).fill(3), 4, 3);
  expect(points).toEqual(new Array(4).fill({ x: 0, y: 0 }));
  expect(explained).toEqual([0, 0]);
});

test("the most similar rows point the same way", () => {
  const rows = Float32Array.from([1, 0, 2, 0.1, -1, 0, -2, -0.1]);
  expect(similarRows(rows, 4, 2, 1)).toEqual([[1], [0], [3], [2]]);
});

test("a cell that follows quotation marks is named so, and noise is not", () => {
  const characters = [...'he said "yes" and "no" but then he ate. "Why?" she said, and left. '.repeat(8)];
  let isInside = false;
  const activations = Float32Array.from(
    characters.flatMap((character, place) => {
      if (character === '"') isInside = !isInside;
      return [Math.sin(place * 12.9898), isInside ? -0.9 : 0.8];
    }),
  );
  const [best, ...others] = interestingCells(characters, activations, 2);
  expect(best).toMatchObject({ cell: 1, about: "inside quotation marks" });
  expect(best!.correlation).toBeCloseTo(-1, 5);
  expect(others).toEqual([]);
});

test("a cell that never moves is never interesting", () => {
  expect(interestingCells([..."a text."], new Float32Array(7).fill(0.5), 1)).toEqual([]);
});

test("labels stay in the picture and apart", () => {
  const size = { width: 640, height: 420, margin: 20 };
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ x: fc.double({ min: -5, max: 5, noNaN: true }), y: fc.double({ min: -5, max: 5, noNaN: true }) }),
        {
          minLength: 1,
          maxLength: 60,
        },
      ),
      (points) => {
        const placed = spreadPoints(placePoints(points, size), size);
        for (const { x, y } of placed) {
          expect(x).toBeGreaterThanOrEqual(20);
          expect(x).toBeLessThanOrEqual(620);
          expect(y).toBeGreaterThanOrEqual(20);
          expect(y).toBeLessThanOrEqual(400);
        }
      },
    ),
  );
  const [a, b] = spreadPoints(
    [
      { x: 100, y: 100 },
      { x: 101, y: 100 },
    ],
    size,
  );
  expect(Math.hypot(a!.x - b!.x, a!.y - b!.y)).toBeCloseTo(15, 5);
});

test("of more characters than a picture has room for, the map shows those with the longest vectors", () => {
  const vocabulary = Array.from({ length: 20_000 }, (_, id) => String.fromCodePoint(0x4e00 + id));
  const kernel = new Float32Array(vocabulary.length * 8);
  // Every fiftieth was read; the others are what they were at the beginning, all alike but for noise.
  for (let id = 0; id < vocabulary.length; id++) {
    for (let column = 0; column < 8; column++) {
      kernel[id * 8 + column] = (id % 50 === 0 ? 1 : 0.01) * Math.sin(id * 8.3 + column * column);
    }
  }
  const map = mapCharacters(vocabulary, kernel);
  expect(map.known).toBe(20_000);
  expect(map.characters).toHaveLength(200);
  expect(map.characters.filter((character) => vocabulary.indexOf(character) % 50 !== 0)).toEqual([]);
  expect(map.characters).toEqual([...map.characters].sort());
  expect([map.wide.length, map.narrow.length, map.neighbours.length]).toEqual([200, 200, 200]);
  expect(mapCharacters(vocabulary.slice(0, 51), kernel.subarray(0, 51 * 8)).characters).toHaveLength(51);
});

test.each([
  ["e", "vowel"],
  ["Z", "consonant"],
  ["7", "digit"],
  ["\n", "mark"],
])("%j is a %s", (character, kind) => {
  expect(kindOf(character)).toBe(kind);
});
