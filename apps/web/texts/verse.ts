// Ballads in common metre, written here: lines of eight and six syllables by turns, the second rhymed with the fourth.
import { createDraw, type Draw } from "./random.js";

const rhymes = [
  "day bay way clay spray hay May jay",
  "night light knight height kite sight",
  "sea lee tree key knee bee",
  "shore door floor oar store moor",
  "snow crow bow row glow toe",
  "king ring spring wing string thing",
  "gale sail tale vale whale nail",
  "town crown gown down clown",
  "hair stair bear prayer chair pear",
  "hand sand land band strand",
  "gold cold fold mould hold",
  "head bed thread bread lead",
  "flame name game dame fame",
  "ground sound hound mound round",
].map((line) => line.split(" "));
/** Of two syllables, the first one stressed. */
const who = "lady sailor miller soldier shepherd captain daughter raven gypsy weaver piper hunter".split(" ");
const what = "lantern feather candle garden river window ribbon silver apple anchor fiddle mirror".split(" ");
/** Of one syllable. */
const how = "red old cold white long dark bright grey small wild proud sweet lone blue".split(" ");
const did = "took saw found left held kept lost sold sought gave made wore".split(" ");

const long = [
  "The WHO DID the HOW, HOW END",
  "And DID the WHAT by the END",
  "There was a WHO in the END",
  "“O WHO, WHO, by the END",
  "She DID a WHAT and a END",
  "“I have no WHAT and no END",
  "He DID his HOW and HOW END",
  "And when the WHO DID the END",
  "They DID the WHO for the END",
];
const short = [
  "And DID the HOW, HOW END",
  "Beside the HOW, HOW END",
  "A WHO by the END",
  "And never DID the END",
  "The WHAT and the END",
  "As HOW as any END",
  "That HOW and HOW END",
];

/** About 150,000 characters. */
export function writeVerse(): string {
  const draw = createDraw(1);
  return Array.from({ length: 200 }, () => ballad(draw)).join("\n\n\n");
}

function ballad(draw: Draw): string {
  const title = `The ${capital(draw.one(who))} and the ${capital(draw.one(draw.one(rhymes)))}`;
  const stanzas = Array.from({ length: 4 + draw.number(4) }, () => stanza(draw));
  return [title.toUpperCase(), ...stanzas].join("\n\n");
}

function stanza(draw: Draw): string {
  const [rhyme, first, third] = draw.some(rhymes, 3);
  const [second, fourth] = draw.some(rhyme!, 2);
  return [
    `${line(draw, long, draw.one(first!))},`,
    `${line(draw, short, second!)};`,
    `${line(draw, long, draw.one(third!))},`,
    `${line(draw, short, fourth!)}.`,
  ].join("\n");
}

/** A line with its words; one that opens a quotation closes it. */
function line(draw: Draw, patterns: readonly string[], end: string): string {
  const words: Record<string, readonly string[]> = { WHO: who, WHAT: what, HOW: how, DID: did, END: [end] };
  const written = draw.one(patterns).replace(/WHO|WHAT|HOW|DID|END/g, (kind) => draw.one(words[kind]!));
  return written.startsWith("“") ? `${written}”` : written;
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
