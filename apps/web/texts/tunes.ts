// Jigs and reels in ABC notation, written here: two parts of eight bars, each of a question and an answer over the same chords.
import { createDraw, type Draw } from "./random.js";

const kinds = [
  { title: "Jig", metre: "6/8", notes: 6, beam: 3 },
  { title: "Reel", metre: "4/4", notes: 8, beam: 4 },
] as const;
/** A scale from the D below middle C's octave upwards; where its chords stand in it. */
const keys = ["D", "G", "A", "Em", "Am"] as const;
const scale = ["D", "E", "F", "G", "A", "B", "c", "d", "e", "f", "g", "a", "b"];
const home: Record<(typeof keys)[number], number> = { D: 0, G: 3, A: 4, Em: 1, Am: 4 };
/** Steps above the home note that a bar's strong notes take. */
const chords = [
  [0, 2, 4],
  [3, 5, 7],
  [4, 6, 8],
  [0, 4, 7],
];
const patterns = [
  [0, 1, 2, 0],
  [0, 3, 1, 2],
  [0, 0, 1, 2],
  [3, 1, 0, 2],
];
const first = "Miller’s Lady’s Piper’s Old Merry Drunken Silver Captain’s Rolling Humours_of_the Bonny Lost".split(" ");
const second = "Daughter Garden Fancy Return Shilling Bridge Farewell Kettle Boots Morning Goose Ramble".split(" ");

/** About 150,000 characters. */
export function writeTunes(): string {
  const draw = createDraw(3);
  return Array.from({ length: 560 }, (_, index) => tune(draw, index + 1)).join("\n\n");
}

function tune(draw: Draw, number: number): string {
  const kind = draw.one(kinds);
  const key = draw.one(keys);
  const title = `${draw.one(first).replaceAll("_", " ")} ${draw.one(second)}`;
  const parts = [part(draw, kind, home[key]), part(draw, kind, home[key] + 2)];
  return [`X:${number}`, `T:${title}`, `R:${kind.title}`, `M:${kind.metre}`, "L:1/8", `K:${key}`, ...parts].join("\n");
}

/** Eight bars in two lines: the second line begins as the first does, and comes home. */
function part(draw: Draw, kind: (typeof kinds)[number], from: number): string {
  const order = draw.one(patterns);
  const bars = order.map((chord) => bar(draw, kind, from, chords[chord]!));
  const last = ending(kind, scale[Math.min(from, scale.length - 1)]!);
  return `|:${bars.join("|")}|\n${[bars[0], bars[1], bars[2], last].join("|")}:|`;
}

function bar(draw: Draw, { notes, beam }: (typeof kinds)[number], from: number, chord: readonly number[]): string {
  let written = "";
  let step = draw.one(chord);
  for (let note = 0; note < notes; note++) {
    if (note % beam === 0) {
      if (note > 0) written += " ";
      step = draw.one(chord);
    } else step += draw.one([-1, 1, 1, -2, 2]);
    step = Math.max(-from, Math.min(scale.length - 1 - from, step));
    written += scale[from + step];
  }
  return written;
}

const ending = ({ notes }: (typeof kinds)[number], note: string) =>
  notes === 6 ? `${note}3 ${note}3` : `${note}4 ${note}4`;
