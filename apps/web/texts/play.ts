// A comedy in many short scenes, written here: who speaks, what they want of each other, and what they do.
import { createDraw, type Draw } from "./random.js";

const persons = ["DUKE", "ROSALIND", "GARDENER", "CAPTAIN", "NURSE", "POET", "WIDOW", "FOOL", "MAYOR", "COOK"] as const;
const places = [
  "A garden behind the palace",
  "The harbour at night",
  "A kitchen",
  "A street before the inn",
  "The duke’s library",
  "A churchyard in the rain",
  "The market place",
  "On board a ship",
];
const things = "letter ring hat key purse fiddle goose map lantern cake sword portrait mule umbrella".split(" ");
const moods = "angry merry weary jealous hungry honest foolish frightened patient proud".split(" ");
const titles = ["my lord", "good madam", "sweet friend", "old fool", "dear captain", "honest man", "my child"];
const exits = ["Exit", "Exit, running", "Exit, in tears", "Exit, with the THING"];
const acts = ["Aside", "Hides the THING", "Reads", "Kneels", "Laughs", "Draws a THING", "Weeps", "Knocks"];

const openings = [
  "Who has taken my THING?",
  "I come for the THING, TITLE.",
  "TITLE, the WHO is MOOD again.",
  "Have you seen the WHO?",
  "What is that THING in your hand?",
  "Speak softly, TITLE; the WHO is asleep.",
];
const answers = [
  "I know of no THING, TITLE; ask the WHO.",
  "The WHO had it this morning, and was MOOD.",
  "If I am MOOD, it is the fault of the WHO.",
  "A THING? I would not give a THING for a THING.",
  "Nay, TITLE, a MOOD WHO is worth two THINGs.",
  "Then I shall marry the WHO, and there is an end.",
  "By this THING I swear it: the WHO is my cousin.",
  "You are too MOOD for so small a THING.",
  "Give me the THING, TITLE, and I will tell you all.",
  "O that I were a THING, to be held by the WHO!",
  "Peace! Here comes the WHO with a THING.",
];

/** About 150,000 characters. */
export function writePlay(): string {
  const draw = createDraw(2);
  const scenes = Array.from({ length: 210 }, (_, index) => scene(draw, index + 1));
  return scenes.join("\n\n\n");
}

function scene(draw: Draw, number: number): string {
  const cast = draw.some(persons, 2 + draw.number(2));
  const head = `SCENE ${number}. ${draw.one(places)}.`;
  const enter = `[Enter ${cast.slice(0, -1).join(", ")} and ${cast.at(-1)}.]`;
  const speeches = Array.from({ length: 6 + draw.number(6) }, (_, turn) => {
    const patterns = turn === 0 ? openings : answers;
    const more = draw.number(3) === 0 ? ` ${fill(draw, draw.one(answers))}` : "";
    const act = draw.number(5) === 0 ? ` [${fill(draw, draw.one(acts))}.]` : "";
    return `${cast[turn % cast.length]}.${act} ${fill(draw, draw.one(patterns))}${more}`;
  });
  const exit = draw.number(2) === 0 ? "[Exeunt.]" : `[${fill(draw, draw.one(exits))}.]`;
  return [head, enter, ...speeches, exit].join("\n\n");
}

function fill(draw: Draw, pattern: string): string {
  const words: Record<string, () => string> = {
    THING: () => draw.one(things),
    MOOD: () => draw.one(moods),
    TITLE: () => draw.one(titles),
    WHO: () => draw.one(persons).toLowerCase(),
  };
  const said = pattern.replace(/THING|MOOD|TITLE|WHO/g, (kind) => words[kind]!());
  const named = said.replace(/rosalind/g, "fair Rosalind").replace(/\b(a) (?=[aeiou]|honest)/gi, "$1n ");
  return named.replace(/^\w/, (letter) => letter.toUpperCase());
}
