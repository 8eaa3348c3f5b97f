import { signal } from "@preact/signals";
import { proxy } from "comlink";
import { readyId } from "../files/ready.js";
import { drawingOptions, drawings } from "../logic/drawing.js";
import { isLooking } from "./inside.js";
import { writing } from "./play.js";
import { createReveal } from "./reveal.js";
import { reader } from "./workers.js";

/** What the ready model writes on the first screen: before anything is trained, chosen or typed. */
export interface FirstWords {
  prompt: string;
  text: string;
}

export const firstWords = signal<FirstWords | undefined>(undefined);
/** `failed` where the model could not be fetched: the page is whole without it. */
export const firstWordsStatus = signal<"waiting" | "writing" | "written" | "failed">("waiting");

const prompts = ["The whale ", "At last ", "It was ", "The old man ", "Upon the sea "];
const length = 380;
/** As fast as one reads along. */
const perFrame = 1;

let turn = 0;

/** Has the ready model write on from the next of a few beginnings. */
export async function writeFirstWords(): Promise<void> {
  // One model is open at a time: who writes or looks inside already keeps theirs.
  if (firstWordsStatus.value === "writing" || writing.value || isLooking.value) return;
  firstWordsStatus.value = "writing";
  const prompt = prompts[turn++ % prompts.length]!;
  const reveal = createReveal<string>(
    (characters) => {
      firstWords.value = { prompt, text: (firstWords.value?.text ?? "") + characters.join("") };
    },
    { perFrame },
  );
  try {
    await reader.openSaved(readyId, "best");
    firstWords.value = { prompt, text: "" };
    const request = { prompt, length, ...drawingOptions(drawings.reading) };
    const tell = (_: number, characters: { character: string }[]) =>
      reveal.add(characters.map(({ character }) => character));
    await reader.write([request], proxy(tell));
    await reveal.end();
    firstWordsStatus.value = "written";
  } catch {
    firstWordsStatus.value = "failed";
  }
}

/** Lets it write once the browser has nothing better to do; not where the visitor saves data. */
export function writeWhenIdle(): void {
  const { saveData = false } = (navigator as { connection?: { saveData?: boolean } }).connection ?? {};
  if (saveData) return;
  const begin = () => void writeFirstWords();
  if ("requestIdleCallback" in window) requestIdleCallback(begin, { timeout: 3000 });
  else setTimeout(begin, 300);
}
