// sweep.json as a user writes it: the same as the flags.
import { readFile } from "node:fs/promises";
import { presets, settingsTable } from "@charlstm/training";
import { CliError } from "../errors.js";
import type { SweepFlags } from "./flags.js";
import { type Axis, axisOf, type Varied, variedNames } from "./space.js";

/** What a file says, under the flags' names; `books` beside them. */
export interface SweepFile {
  books: readonly (readonly string[])[];
  flags: Partial<SweepFlags>;
}

const topNames = ["books", "preset", "trials", "seed", "halving", "parallel", "settings"] as const;

/**
 * Reads a sweep file.
 *
 * @throws {CliError} `BAD_USAGE`, naming each value that is not as it should be.
 */
export async function readSweepFile(path: string): Promise<SweepFile> {
  const given = await parse(path);
  const problems: string[] = [];
  const { books = [], settings = {}, ...top } = given;
  for (const name of Object.keys(given)) {
    if (!topNames.includes(name as (typeof topNames)[number]))
      problems.push(`${name} is none of its names (${topNames.join(", ")})`);
  }
  if (top.preset !== undefined && !Object.hasOwn(presets, String(top.preset)))
    problems.push(`preset is ${JSON.stringify(top.preset)}, it has to be ${Object.keys(presets).join(", ")}`);
  for (const [name, least] of [
    ["trials", 1],
    ["seed", 0],
    ["parallel", 1],
  ] as const) {
    const value = top[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= least))
      problems.push(`${name} is ${JSON.stringify(value)}, it has to be a whole number, ${least} or more`);
  }
  if (top.halving !== undefined && typeof top.halving !== "boolean")
    problems.push(`halving is ${JSON.stringify(top.halving)}, it has to be true or false`);
  const flags = { ...pick(top), ...settingsIn(settings, problems) };
  const texts = booksIn(books, problems);
  if (problems.length === 0) return { books: texts, flags };
  throw new CliError("BAD_USAGE", `${path} is not a sweep that can be run: ${problems.join("; ")}`);
}

async function parse(path: string): Promise<Record<string, unknown>> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CliError("BAD_USAGE", `${path} is no JSON: ${cause.message}`, { cause });
  }
  if (isObject(given)) return given;
  throw new CliError(
    "BAD_USAGE",
    `${path} holds ${JSON.stringify(given)?.slice(0, 40)}, it has to be an object of ${topNames.join(", ")}`,
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function pick({ preset, trials, seed, halving, parallel }: Record<string, unknown>): Partial<SweepFlags> {
  const given = Object.entries({ preset, trials, seed, halving, parallel }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function settingsIn(settings: unknown, problems: string[]): Partial<SweepFlags> {
  if (!isObject(settings)) {
    problems.push(`settings is ${JSON.stringify(settings)}, it has to be an object of settings with their values`);
    return {};
  }
  const flags: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    if (variedNames.includes(name as Varied)) {
      const axis: Axis | { problems: readonly string[] } = axisOf(name as Varied, value);
      if ("problems" in axis) problems.push(...axis.problems.map((problem) => `settings.${name}: ${problem}`));
      else flags[name] = axis;
    } else if (Object.hasOwn(settingsTable, name)) {
      problems.push(`settings.${name} is the same for all trials: give it as a flag`);
    } else problems.push(`settings.${name} is no setting (${variedNames.join(", ")})`);
  }
  return flags as Partial<SweepFlags>;
}

/** Each a text of its own; a list within the list is read as one. */
function booksIn(books: unknown, problems: string[]): string[][] {
  const list = Array.isArray(books) ? books : [books];
  return list.map((book, index) => {
    const words: unknown[] = Array.isArray(book) ? book : [book];
    if (words.length === 0 || words.some((word) => typeof word !== "string"))
      problems.push(`books[${index}] is ${JSON.stringify(book)}, it has to be a book's name or a list of names`);
    return words as string[];
  });
}
