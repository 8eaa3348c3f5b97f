import { signal } from "@preact/signals";
import type { CleaningChoices } from "../logic/clean-texts.js";
import type { TextSource, TextSummary } from "../worker/text-service.js";
import { telling } from "./notices.js";
import { trainer } from "./workers.js";

/** The text that is open, once it is. */
export const text = signal<TextSummary | undefined>(undefined);
export const isReading = signal(false);
export const cleaning = signal<CleaningChoices>({ recipe: "gutenberg", foldCase: false, unwrap: false });

let newest = 0;

/** Opens a text; of several asked for at once the last one counts. */
export async function openText(source: TextSource): Promise<void> {
  const own = ++newest;
  isReading.value = true;
  const opening = trainer.openText(source, cleaning.value);
  await telling(async () => {
    const summary = await opening.catch((error) => (own === newest ? Promise.reject(error) : undefined));
    if (own === newest) text.value = summary;
  });
  if (own === newest) isReading.value = false;
}

/** Cleans the open text another way. */
export function changeCleaning(change: Partial<CleaningChoices>): void {
  cleaning.value = { ...cleaning.value, ...change };
  void openText({ kind: "again" });
}
