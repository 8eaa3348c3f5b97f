import type { GeneratedCharacter } from "@charlstm/training";
import { batch, signal } from "@preact/signals";
import { proxy } from "comlink";
import type { Tell, WriteRequest } from "../worker/reading-desk.js";
import { openChosen } from "./models.js";
import { telling } from "./notices.js";
import { reader } from "./workers.js";

export interface PlaySettings {
  prompt: string;
  temperature: number;
  /** 0 keeps every character. */
  topK: number;
  /** 1 keeps every character. */
  topP: number;
  length: number;
}

/** The temperatures at which the notebook writes. */
export const fourTemperatures = [0.2, 0.5, 1, 1.2] as const;

export const play = signal<PlaySettings>({ prompt: "", temperature: 0.6, topK: 0, topP: 1, length: 400 });
/** What is being written: one text, or one for each temperature. */
export const writing = signal<"one" | "four" | undefined>(undefined);
export const written = signal<readonly GeneratedCharacter[]>([]);
export const writtenFour = signal<readonly string[]>([]);
/** The prompt that `written` goes on from. */
export const writtenPrompt = signal("");

/** Characters revealed in each frame: as fast as one can just follow. */
const perFrame = 5;
const defaultPrompt = "The ";

/** Writes one text, with the alternatives at each place. */
export const writeOne = () =>
  telling(async () => {
    const { prompt, temperature, topK, topP, length } = play.value;
    const request: WriteRequest = {
      ...{ prompt: prompt || defaultPrompt, temperature, length: Math.round(length) },
      ...(topK > 0 ? { topK: Math.round(topK) } : {}),
      ...(topP < 1 ? { topP } : {}),
    };
    batch(() => {
      writing.value = "one";
      written.value = [];
      writtenPrompt.value = request.prompt;
    });
    const reveal = createReveal<GeneratedCharacter>((characters) => {
      written.value = [...written.value, ...characters];
    });
    await write([request], (_, characters) => reveal.add(characters));
    await reveal.end();
    writing.value = undefined;
  });

/** Writes at the notebook's four temperatures, side by side. */
export const writeFour = () =>
  telling(async () => {
    const { prompt, length } = play.value;
    const requests = fourTemperatures.map((temperature) => ({
      ...{ prompt: prompt || defaultPrompt, temperature, length: Math.round(length) },
    }));
    writing.value = "four";
    writtenFour.value = requests.map(() => "");
    const reveals = requests.map((_, text) =>
      createReveal<string>((characters) => {
        writtenFour.value = writtenFour.value.map((own, index) => (index === text ? own + characters.join("") : own));
      }),
    );
    await write(requests, (text, characters) => reveals[text]!.add(characters.map(({ character }) => character)));
    await Promise.all(reveals.map((reveal) => reveal.end()));
    writing.value = undefined;
  });

let isStopped = false;

export function stopWriting(): void {
  isStopped = true;
  void reader.stopWriting();
}

async function write(requests: readonly WriteRequest[], tell: Tell): Promise<void> {
  isStopped = false;
  try {
    await openChosen();
    await reader.write(requests, proxy(tell));
  } catch (error) {
    writing.value = undefined;
    throw error;
  }
}

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
