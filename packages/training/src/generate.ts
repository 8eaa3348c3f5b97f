import { createRandom, type DrawOptions, type Sampler, type SamplerOptions } from "@charlstm/sampling";
import type { Vocabulary } from "@charlstm/vectorize";
import type { Backend } from "./backend.js";
import { TrainingError } from "./errors.js";
import { itemMark } from "./items.js";
import { defaultLead } from "./lead.js";
import { createRunLimit } from "./longest-runs.js";
import { nextTurn } from "./next-turn.js";
import { encodePrompt, type UnknownPolicy } from "./prompt.js";
import { createStopFinder } from "./stop-finder.js";
import { createWriter, type WriterOptions } from "./writer.js";

/** A character with the two probabilities that can be told of it. */
export interface CharacterChoice {
  /** Empty for a model of items where it says that the item is over. */
  character: string;
  id: number;
  /** Its chance in this draw, after temperature, filters, masks and penalties. */
  probability: number;
  /** What the model itself gave it. */
  modelProbability: number;
}

/** One character of generated text. */
export interface GeneratedCharacter extends CharacterChoice {
  /** Which of the parallel texts it belongs to, from 0. */
  text: number;
  /** The model's favourites at this place, the most probable first; as many as were asked for. */
  alternatives: CharacterChoice[];
}

/** What is written, and how its characters are drawn. */
export interface GenerateOptions extends WriterOptions, Omit<SamplerOptions, "input" | "random"> {
  /** What the text starts from, at least one character (a model of items needs none); not part of what is yielded. */
  prompt: string;
  /**
   * What is read before the prompt and is no part of the text, of characters that the model knows; `""` for nothing. Default: for
   * streams of a model of sequences a line's end or, in a text without lines, a space; for windows nothing.
   */
  lead?: string | undefined;
  /** Characters of each text. Default `400`. */
  length?: number | undefined;
  /** Repeats a text; text number t of several draws from a generator started with `seed + t`. Default: from the clock. */
  seed?: number | undefined;
  /** Uniform in `[0, 1)`, instead of `seed`; parallel texts draw from it in turn. */
  random?: (() => number) | undefined;
  /** A text ends after the first of these that it contains; the stop string is part of the text. Default: none. */
  stop?: readonly string[] | undefined;
  /** How many of the model's favourites to tell at each place. Default `0`. */
  alternatives?: number | undefined;
  /** What to do with characters of the prompt that the model never saw. Default `error`. */
  unknown?: UnknownPolicy | undefined;
  /**
   * How many times in a row each character stands in the text that the model read, shape `[V]`, as `longestRunsOf` tells of a checkpoint:
   * what is written has no longer run of a character (three are always allowed). Not used beside `allowedIds` or `bannedIds`. Default: no limit.
   */
  longestRuns?: readonly number[] | undefined;
  /** Whether penalties and DRY count the prompt's characters too. Default `true`. */
  penalizePrompt?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Steps between two turns of the event loop, so that signals and output get through. */
const stepsPerTurn = 32;

/**
 * Writes on from a prompt, `count` texts in one pass. A model of items writes each to its end, which it tells by an empty character.
 *
 * @returns The characters as they are drawn, those of parallel texts in turn. Leaving the loop early frees everything.
 * @throws {TrainingError} `EMPTY_PROMPT`, `UNKNOWN_PROMPT_CHARACTERS`, `BAD_OPTION`; the sampler's errors for its options.
 */
export async function* generate(
  backend: Backend,
  vocabulary: Vocabulary,
  options: GenerateOptions,
): AsyncGenerator<GeneratedCharacter, void, void> {
  const {
    prompt,
    lead = defaultLead(backend, vocabulary, options),
    length = 400,
    seed = Date.now(),
    random,
    stop = [],
    alternatives = 0,
    unknown = "error",
    penalizePrompt = true,
    longestRuns,
    signal,
  } = options;
  const { count = 1, context, window, ...shape } = options;
  checkCounts({ length, count });
  const mark = vocabulary.idOf(itemMark);
  const promptIds = prompt === "" && mark !== undefined ? [] : encodePrompt(prompt, vocabulary, unknown);
  checkLongestRuns(longestRuns, vocabulary);
  const leadIds = lead === "" ? [] : encodePrompt(lead, vocabulary, "error");
  const writer = createWriter(backend, { count, context, window });
  try {
    const samplers = Array.from({ length: count }, (_, text) =>
      writer.sampler({ ...samplerOptions(shape), random: random ?? createRandom(seed + text) }),
    );
    if (penalizePrompt) for (const sampler of samplers) sampler.observe(promptIds);
    writer.read([...leadIds, ...promptIds].flatMap((id) => new Array<number>(count).fill(id)));
    // Masks of the caller's may leave one character alone.
    const isLimited = !shape.allowedIds && !shape.bannedIds && vocabulary.size > 1;
    const limits = samplers.map(() => (isLimited && longestRuns ? createRunLimit(longestRuns) : undefined));
    for (const limit of limits) for (const id of promptIds) limit?.observe(id);
    const finders = samplers.map(() => createStopFinder(stop));
    const ended = new Set<number>();
    const drawn = new Uint32Array(count);
    for (let written = 0; written < length && ended.size < count; written++) {
      if (written % stepsPerTurn === 0) await nextTurn();
      signal?.throwIfAborted();
      for (let text = 0; text < count; text++) {
        if (ended.has(text)) continue;
        const limit = limits[text];
        const ways = { alternatives, allowedIds: limit?.allowed() };
        const draw = drawOne(samplers[text]!, writer.next(text), vocabulary, ways);
        limit?.observe(draw.id);
        drawn[text] = draw.id;
        yield { text, ...draw };
        if (draw.id === mark || finders[text]!(draw.character)) ended.add(text);
      }
      if (written + 1 < length && ended.size < count) writer.read(drawn);
    }
  } finally {
    writer.dispose();
  }
}

function drawOne(
  sampler: Sampler,
  values: ArrayLike<number>,
  { characters }: Vocabulary,
  ways: DrawOptions,
): Omit<GeneratedCharacter, "text"> {
  const { alternatives, ...choice } = sampler.draw(values, ways);
  const shown = (id: number) => (characters[id] === itemMark ? "" : characters[id]!);
  return {
    character: shown(choice.id),
    ...choice,
    alternatives: alternatives.map((other) => ({ character: shown(other.id), ...other })),
  };
}

/** What of the options the sampler takes. */
function samplerOptions(options: Omit<GenerateOptions, keyof WriterOptions>): Omit<SamplerOptions, "input" | "random"> {
  const {
    prompt: _1,
    lead: _10,
    length: _2,
    seed: _3,
    random: _4,
    stop: _5,
    alternatives: _6,
    unknown: _7,
    penalizePrompt: _8,
    signal: _9,
    longestRuns: _11,
    ...sampler
  } = options;
  return sampler;
}

function checkLongestRuns(longestRuns: readonly number[] | undefined, { size }: Vocabulary): void {
  if (longestRuns === undefined || longestRuns.length === size) return;
  throw new TrainingError(
    "BAD_OPTION",
    `longestRuns has ${longestRuns.length} entries, it has to have one for each of the ${size} characters`,
    { name: "longestRuns", given: longestRuns.length, expected: size },
  );
}

function checkCounts({ length, count }: { length: number; count: number }): void {
  if (!Number.isSafeInteger(length) || length < 0) throw badCount("length", length, "0 or more");
  if (!Number.isSafeInteger(count) || count < 1) throw badCount("count", count, "1 or more");
}

function badCount(name: string, given: number, expected: string): TrainingError {
  return new TrainingError("BAD_OPTION", `${name} is ${given}, it has to be a whole number, ${expected}`, {
    name,
    given,
  });
}
