import type { GeneratedCharacter } from "@charlstm/training";
import { batch, computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import { type Drawing, defaultDrawing, drawingOptions } from "../logic/drawing.js";
import { type Beginning, gapBefore } from "../logic/written-items.js";
import type { Tell, WriteRequest } from "../worker/reading-service.js";
import { models, openChosen, usedModel } from "./models.js";
import { telling } from "./notices.js";
import { createReveal, type Reveal } from "./reveal.js";
import { figures } from "./run.js";
import { reader } from "./workers.js";

export interface PlaySettings {
  /** Empty for the beginning of the model's text. */
  prompt: string;
  /** Missing until one is chosen: the model's default. */
  drawing?: Drawing;
  length: number;
  /** How many items a model of items writes, and how many characters each has at the most. */
  items: number;
  longest: number;
  /** Missing for another text each time. */
  seed?: number | undefined;
}

/** The temperatures at which the notebook writes. */
export const fourTemperatures = [0.2, 0.5, 1, 1.2] as const;

export const play = signal<PlaySettings>({ prompt: "", length: 400, items: 10, longest: 1000 });
/** What is known of the chosen model. */
const chosen = computed(() => models.value.find(({ id }) => id === usedModel.value) ?? currentFigures());
const currentFigures = () => (usedModel.value === "current" ? figures.value : undefined);
/** How the chosen model draws its characters. */
export const drawing = computed(() => play.value.drawing ?? defaultDrawing(chosen.value?.objective ?? "sequence"));
/** Whether the chosen model writes items. */
export const isOfItems = computed(() => chosen.value?.items !== undefined);
/** What is being written: one text, or one for each temperature. */
export const writing = signal<"one" | "four" | undefined>(undefined);
export const written = signal<readonly GeneratedCharacter[]>([]);
export const writtenFour = signal<readonly string[]>([]);
/** What `written` goes on from. */
export const writtenBeginning = signal<Beginning>({ prompt: "" });

/** Characters revealed in each frame: as fast as one can just follow. */
const perFrame = 5;

/** Writes one text, with the alternatives at each place. */
export const writeOne = () =>
  during("one", async (request, beginning) => {
    const reveal = revealing<GeneratedCharacter>((characters) => {
      written.value = [...written.value, ...characters];
    });
    batch(() => {
      written.value = [];
      writtenBeginning.value = beginning;
    });
    await write([{ ...request, ...drawingOptions(drawing.value) }], (_, characters) => reveal.add(characters));
    await reveal.end();
  });

/** Writes at the notebook's four temperatures, side by side. */
export const writeFour = () =>
  during("four", async (request, beginning) => {
    const requests = fourTemperatures.map((temperature) => ({ ...request, temperature }));
    // Each item has the prompt as its beginning; of a text it stands beside the four.
    const first = beginning.between === undefined ? "" : beginning.prompt;
    writtenFour.value = requests.map(() => first);
    const own = requests.map((_, text) =>
      revealing<string>((characters) => {
        writtenFour.value = writtenFour.value.map((shown, index) =>
          index === text ? shown + characters.join("") : shown,
        );
      }),
    );
    const last: GeneratedCharacter[] = [];
    await write(requests, (text, characters) => {
      const shown = characters.map((one, place) => {
        const before = place === 0 ? last[text] : characters[place - 1];
        return gapBefore(one, before, beginning) + one.character;
      });
      last[text] = characters.at(-1)!;
      own[text]!.add(shown);
    });
    await Promise.all(own.map((reveal) => reveal.end()));
  });

let reveals: { stop: () => void }[] = [];

export function stopWriting(): void {
  for (const reveal of reveals) reveal.stop();
  void reader.stopWriting();
}

/** Opens the chosen model and lets it write; what it begins with is the same for all of its texts. */
const during = (kind: "one" | "four", work: (request: WriteRequest, beginning: Beginning) => Promise<void>) =>
  telling(async () => {
    reveals = [];
    writing.value = kind;
    try {
      await openChosen();
      const { prompt, length, items, longest, seed } = play.value;
      const beginning = await reader.beginningFor(prompt);
      const extent = beginning.between === undefined ? { length: Math.round(length) } : { length: longest, items };
      await work({ prompt: beginning.prompt, ...extent, seed }, beginning);
    } finally {
      writing.value = undefined;
    }
  });

function revealing<Item>(show: (items: Item[]) => void): Reveal<Item> {
  const reveal = createReveal(show, { perFrame });
  reveals.push(reveal);
  return reveal;
}

const write = (requests: readonly WriteRequest[], tell: Tell) => reader.write(requests, proxy(tell));
