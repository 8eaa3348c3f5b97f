// Each thing that a cell may follow, counted by hand, and the plane that rows lie in.
import { expect, test } from "vitest";
import { interestingCells } from "./interesting-cells.js";
import { kindOf, placePoints, spreadPoints } from "./map-layout.js";
import { principalComponents, similarRows } from "./principal-components.js";

const text = [..."“Ah, 12 Äpfel!” he\nsaid.\n\nThen “no” 7 times. Why? I go"];

/** What is counted of each character; of what goes on, the logarithm of one more than the count. */
const counted: Readonly<Record<string, (place: number) => number>> = {
  "inside quotation marks": (place) => (/“[^”]*$/.test(text.slice(0, place + 1).join("")) ? 1 : 0),
  "how far the line has come": (place) => Math.log1p(sinceLast(place, /\n/g)),
  "how far the sentence has come": (place) => Math.log1p(sinceLast(place, /[.!?]|(?<=\n)\n/g)),
  "how far the word has come": (place) => Math.log1p(sinceLast(place, /[^A-Za-zÄ]/g)),
  "gaps between words": (place) => (" \n".includes(text[place]!) ? 1 : 0),
  vowels: (place) => ("aeiouyAEIÄ".includes(text[place]!) ? 1 : 0),
  "capital letters": (place) => ("AÄTWI".includes(text[place]!) ? 1 : 0),
  "marks and punctuation": (place) => ("“”,!.?".includes(text[place]!) ? 1 : 0),
  digits: (place) => ("127".includes(text[place]!) ? 1 : 0),
};

/** Characters since the last one that matches, which counts 0; since before the text where there is none. */
function sinceLast(place: number, pattern: RegExp): number {
  const read = text.slice(0, place + 1).join("");
  const last = [...read.matchAll(pattern)].at(-1);
  return last ? place - last.index : place + 1;
}

test.each(Object.keys(counted))("a cell that follows just this is said to: %s", (about) => {
  const activations = Float32Array.from(text, (_, place) => 0.5 - counted[about]!(place) / 5);
  const [best] = interestingCells(text, activations, 1);
  expect(best).toEqual({ cell: 0, about, correlation: expect.closeTo(-1, 5) });
});

test("straight quotation marks open and close in turns", () => {
  const straight = [...'a "b" c "d" e'];
  const activations = Float32Array.from([..."0011000011000"].map(Number));
  const [best] = interestingCells(straight, activations, 1);
  expect(best).toEqual({ cell: 0, about: "inside quotation marks", correlation: expect.closeTo(1, 5) });
});

test("of two cells each is said to follow what it follows best, the clearest first", () => {
  const activations = Float32Array.from(
    text.flatMap((_, place) => [counted.digits!(place) + 0.2 * Math.sin(place), counted.vowels!(place)]),
  );
  const found = interestingCells(text, activations, 2);
  expect(found.slice(0, 2).map(({ cell, about }) => [cell, about])).toEqual([
    [1, "vowels"],
    [0, "digits"],
  ]);
  expect(found).toHaveLength(2);
});

test("of two cells that follow the same thing it is said of the clearer one", () => {
  const activations = Float32Array.from(
    text.flatMap((_, place) => [counted.vowels!(place) + 0.1 * Math.sin(7 * place), counted.vowels!(place)]),
  );
  const found = interestingCells(text, activations, 2);
  expect(found.filter(({ about }) => about === "vowels").map(({ cell }) => cell)).toEqual([1]);
});

test("rows in a plane come out as its coordinates, the longer direction first, the largest of each positive", () => {
  // Around their mean: (-3, 1), (-1, -2), (1, 2), (3, -1) would correlate; these do not.
  const rows = Float32Array.from([-4, 1, -2, -1, 1, -1, 5, 1]);
  const { points, explained } = principalComponents(rows, 4, 2);
  const rounded = points.map(({ x, y }) => [Math.round(1e6 * x) / 1e6, Math.round(1e6 * y) / 1e6]);
  const [xx, yy, xy] = [46, 4, -4 + 2 - 1 + 5];
  // Eigenvalues of [[46, 2], [2, 4]], the scatter of the rows.
  const root = Math.sqrt((xx - yy) ** 2 + 4 * xy * xy);
  const [first, second] = [(xx + yy + root) / 2, (xx + yy - root) / 2];
  expect(explained[0]).toBeCloseTo(first / 50, 6);
  expect(explained[1]).toBeCloseTo(second / 50, 6);
  expect(rounded.reduce((sum, [x]) => sum + x! * x!, 0)).toBeCloseTo(first, 4);
  expect(rounded.reduce((sum, [, y]) => sum + y! * y!, 0)).toBeCloseTo(second, 4);
  for (const axis of [0, 1]) {
    const along = rounded.map((point) => point[axis]!);
    expect(Math.max(...along)).toBe(Math.max(...along.map(Math.abs)));
  }
});

test("rows that lie in their mean are like none more than another, in their order", () => {
  expect(similarRows(new Float32Array(6).fill(2), 3, 2, 2)).toEqual([
    [1, 2],
    [0, 2],
    [0, 1],
  ]);
});

test("points fill the picture to its margins, the highest on top, those of one value in the middle", () => {
  const size = { width: 100, height: 50, margin: 10 };
  const points = [
    { x: -1, y: 3 },
    { x: 0, y: 5 },
    { x: 1, y: 4 },
  ];
  expect(placePoints(points, size)).toEqual([
    { x: 10, y: 40 },
    { x: 50, y: 10 },
    { x: 90, y: 25 },
  ]);
  expect(placePoints([{ x: 7, y: 7 }], size)).toEqual([{ x: 50, y: 25 }]);
});

test("labels that lie on each other are pushed apart sideways, those far enough apart stay", () => {
  const size = { width: 640, height: 420, margin: 20 };
  const at = (x: number, y: number) => ({ x, y });
  const [a, b] = spreadPoints([at(100, 100), at(100, 100)], size);
  expect([a!.y, b!.y]).toEqual([100, 100]);
  expect(Math.abs(a!.x - b!.x)).toBeCloseTo(15, 5);
  expect(a!.x + b!.x).toBeCloseTo(200, 5);
  expect(spreadPoints([at(100, 100), at(100, 115)], size)).toEqual([at(100, 100), at(100, 115)]);
  expect(spreadPoints([at(0, 1000)], size)).toEqual([at(20, 400)]);
});

test.each([
  ["Ü", "vowel"],
  ["y", "vowel"],
  ["ß", "consonant"],
  ["字", "consonant"],
  ["½", "digit"],
  ["“", "mark"],
])("%j is a %s", (character, kind) => {
  expect(kindOf(character)).toBe(kind);
});
