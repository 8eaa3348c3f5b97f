import { batch, signal } from "@preact/signals";
import type { CharacterMap } from "../logic/character-map.js";
import type { ReadText } from "../worker/reading-service.js";
import type { OneCharacter } from "../worker/watched-text.js";
import { openChosen } from "./models.js";
import { telling } from "./notices.js";
import { reader } from "./workers.js";

/** A text as the chosen model has read it. */
export const readText = signal<ReadText | undefined>(undefined);
export const characterMap = signal<CharacterMap | undefined>(undefined);
export const chosenCell = signal(0);
/** The chosen cell's activation at each character. */
export const activations = signal<Float32Array>(new Float32Array(0));
export const isLooking = signal(false);
/** The character that is followed through the network, and what happens there. */
export const followed = signal<OneCharacter | undefined>(undefined);

/** Opens the chosen model and has it read a text with every cell watched. */
export const look = (text: string) =>
  telling(async () => {
    isLooking.value = true;
    try {
      await openChosen();
      const read = await reader.readText(text);
      const cell = read.suggestions[0]?.cell ?? 0;
      const values = await reader.cell(cell);
      const first = await reader.follow(Math.floor(read.characters.length / 2), cell);
      batch(() => {
        followed.value = first;
        readText.value = read;
        characterMap.value = undefined;
        chosenCell.value = cell;
        activations.value = values;
      });
      // By itself: the map of thousands of characters takes a while, and both at once would be a long task.
      characterMap.value = await reader.mapCharacters();
    } finally {
      isLooking.value = false;
    }
  });

export const chooseCell = (cell: number) =>
  telling(async () => {
    const values = await reader.cell(cell);
    const same = await reader.follow(followed.value?.place ?? 0, cell);
    batch(() => {
      followed.value = same;
      chosenCell.value = cell;
      activations.value = values;
    });
  });

let newest = 0;

/** Follows another character; of several asked for at once the last one counts. */
export const followCharacter = (place: number) =>
  telling(async () => {
    const own = ++newest;
    const next = await reader.follow(place, chosenCell.value);
    if (own === newest) followed.value = next;
  });
