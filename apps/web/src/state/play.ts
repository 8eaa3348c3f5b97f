import type { GeneratedCharacter } from "@charlstm/training";
import { batch, computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import { type Drawing, defaultDrawing, drawingOptions } from "../logic/drawing.js";
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
  /** Missing for another text each time. */
  seed?: number | undefined;
}

/** The temperatures at which the notebook writes. */
export const fourTemperatures = [0.2, 0.5, 1, 1.2] as const;

export const play = signal<PlaySettings>({ prompt: "", length: 400 });
/** How the chosen model draws its characters. */
export const drawing = computed(() => {
  const saved = models.value.find(({ id }) => id === usedModel.value);
  return play.value.drawing ?? defaultDrawing((saved ?? figures.value)?.objective ?? "sequence");
});
/** What is being written: one text, or one for each temperature. */
export const writing = signal<"one" | "four" | undefined>(undefined);
export const written = signal<readonly GeneratedCharacter[]>([]);
export const writtenFour = signal<readonly string[]>([]);
/** The prompt that `written` goes on from. */
export const writtenPrompt = signal("");

/** Characters revealed in each frame: as fast as one can just follow. */
const perFrame = 5;

/** Writes one text, with the alternatives at each place. */
export const writeOne = () =>
  during("one", async (beginning) => {
    const reveal = revealing<GeneratedCharacter>((characters) => {
      written.value = [...written.value, ...characters];
    });
    batch(() => {
      written.value = [];
      writtenPrompt.value = beginning.prompt;
    });
    await write([{ ...beginning, ...drawingOptions(drawing.value) }], (_, characters) => reveal.add(characters));
    await reveal.end();
  });

/** Writes at the notebook's four temperatures, side by side. */
export const writeFour = () =>
  during("four", async (beginning) => {
    const requests = fourTemperatures.map((temperature) => ({ ...beginning, temperature }));
    writtenFour.value = requests.map(() => "");
    const own = requests.map((_, text) =>
      revealing<string>((characters) => {
        writtenFour.value = writtenFour.value.map((shown, index) =>
          index === text ? shown + characters.join("") : shown,
        );
      }),
    );
    await write(requests, (text, characters) => own[text]!.add(characters.map(({ character }) => character)));
    await Promise.all(own.map((reveal) => reveal.end()));
  });

let reveals: { stop: () => void }[] = [];

export function stopWriting(): void {
  for (const reveal of reveals) reveal.stop();
  void reader.stopWriting();
}

/** Opens the chosen model and lets it write; what it begins with is the same for all of its texts. */
const during = (kind: "one" | "four", work: (beginning: WriteRequest) => Promise<void>) =>
  telling(async () => {
    reveals = [];
    writing.value = kind;
    try {
      await openChosen();
      const { prompt, length, seed } = play.value;
      await work({ prompt: await reader.promptFor(prompt), length: Math.round(length), seed });
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
