import { basename } from "node:path";
import type { RunRecord } from "../run/folder.js";
import type { Fact } from "./report-data.js";

type Values = Readonly<Record<string, unknown>>;

/** The settings of a run as they are shown: those with names of their own first, then whatever else there is. */
export function settingFacts(preset: unknown, settings: Values): Fact[] {
  const facts: Fact[] = preset === undefined ? [] : [["preset", shown(preset)]];
  for (const [key, value] of Object.entries(settings)) facts.push([wordsOf(key), shown(value)]);
  return facts;
}

/** Where the text came from and what is in it. */
export function corpusFacts(record: RunRecord, parameters: number | undefined): Fact[] {
  const { book, corpus } = record;
  // A path says more of the machine than of the book.
  const names = Array.isArray(book) ? book : [book];
  const source =
    book === null ? "the novel that comes with charlstm" : names.map((name) => bookName(shown(name))).join(", ");
  const facts: [string, unknown][] = [
    ["title", corpus.title],
    ["book", source],
    ["texts", corpus.texts?.length],
    ["between two texts", corpus.separator && JSON.stringify(corpus.separator)],
    ["recipe", corpus.recipe],
    ["characters", corpus.characters],
    ["distinct characters", corpus.vocabulary],
    ["parameters of the network", parameters],
    ["goes on from", record.from && basename(String(record.from.model))],
    ["new to that model", record.from?.added?.length ? record.from.added.join(" ") : undefined],
    ["sha256 of the file", corpus.sha256],
    ["sha256 of the text", corpus.textSha256],
  ];
  return facts.flatMap(([name, value]): Fact[] => (value === undefined ? [] : [[name, shown(value)]]));
}

/** What it ran on. */
export function machineFacts({ backend, versions, started }: RunRecord): Fact[] {
  const facts = { started, backend: backend?.name, ...backend, ...versions } as Values;
  return Object.entries(facts)
    .filter(([name, value]) => name !== "name" && value !== undefined)
    .map(([name, value]): Fact => [name, shown(value)]);
}

/** Trainable numbers of LSTM layers of these widths over one-hot characters, and of the softmax head. */
export function countParameters(units: unknown, vocabulary: unknown): number | undefined {
  if (!Array.isArray(units) || !units.every(Number.isSafeInteger) || !Number.isSafeInteger(vocabulary))
    return undefined;
  const widths = [vocabulary as number, ...(units as number[])];
  const layers = (units as number[]).map((width, layer) => 4 * width * (widths[layer]! + width + 1));
  return layers.reduce((sum, count) => sum + count, (widths.at(-1)! + 1) * (vocabulary as number));
}

/** `clipNorm` as `clip norm`. */
function wordsOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(value: unknown): string {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value.toLocaleString("en") : String(value);
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([key, inner]) => (key === "name" ? shown(inner) : `${wordsOf(key)} ${shown(inner)}`))
      .join(", ");
  }
  return String(value);
}

function bookName(book: string): string {
  if (/^\d+$/.test(book)) return `Project Gutenberg ${book}`;
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(book) ? book : basename(book.replaceAll("\\", "/"));
}
