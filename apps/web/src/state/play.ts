import type { GeneratedCharacter } from "@charlstm/training";
import { batch, computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import { type Drawing, defaultDrawing, drawingOptions } from "../logic/drawing.js";
import type { Tell, WriteRequest } from "../worker/reading-service.js";
import { chosenModel, models, openChosen } from "./models.js";
import { telling } from "./notices.js";
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
  const saved = models.value.find(({ id }) => id === chosenModel.value);
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
    const reveal = createReveal<GeneratedCharacter>((characters) => {
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
    const reveals = requests.map((_, text) =>
      createReveal<string>((characters) => {
        writtenFour.value = writtenFour.value.map((own, index) => (index === text ? own + characters.join("") : own));
      }),
    );
    await write(requests, (text, characters) => reveals[text]!.add(characters.map(({ character }) => character)));
    await Promise.all(reveals.map((reveal) => reveal.end()));
  });

let isStopped = false;

export function stopWriting(): void {
  isStopped = true;
  void reader.stopWriting();
}

/** Opens the chosen model and lets it write; what it begins with is the same for all of its texts. */
const during = (kind: "one" | "four", work: (beginning: WriteRequest) => Promise<void>) =>
  telling(async () => {
    isStopped = false;
    writing.value = kind;
    try {
      await openChosen();
      const { prompt, length, seed } = play.value;
      await work({ prompt: await reader.promptFor(prompt), length: Math.round(length), seed });
    } finally {
      writing.value = undefined;
    }
  });

const write = (requests: readonly WriteRequest[], tell: Tell) => reader.write(requests, proxy(tell));

/** Shows characters at a pace that can be followed, or at once for those who want less motion. */
function createReveal<Item>(show: (items: Item[]) => void) {
  const waiting: Item[] = [];
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let last: Promise<void> = Promise.resolve();
  const frame = () =>
    new Promise<void>((resolve) => (document.hidden ? setTimeout(resolve) : requestAnimationFrame(() => resolve())));
  async function empty(): Promise<void> {
    while (waiting.length > 0 && !isStopped) {
      show(waiting.splice(0, isCalm || document.hidden ? waiting.length : perFrame));
      await frame();
    }
  }
  return {
    add(items: readonly Item[]): void {
      waiting.push(...items);
      last = last.then(empty);
    },
    end: () => last,
  };
}
