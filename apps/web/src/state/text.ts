import { signal } from "@preact/signals";
import { type BundledText, bundledTexts } from "../logic/bundled-texts.js";
import type { CleaningChoices } from "../logic/clean-texts.js";
import type { TextSource, TextSummary } from "../worker/text-service.js";
import { changeChoices, choices } from "./choices.js";
import { telling } from "./notices.js";
import { keep, kept } from "./site-data.js";
import { trainer } from "./workers.js";

/** The text that is open, once it is. */
export const text = signal<TextSummary | undefined>(undefined);
export const isReading = signal(false);
export const cleaning = signal<CleaningChoices>({ recipe: "gutenberg", foldCase: false, unwrap: false });

/** Under these names a tab keeps what was pasted, and which text was open. */
const pastedName = "charlstm pasted";
const openName = "charlstm open";

/** What stands in the field for a text of one's own; it outlives a change of tab and a reload. */
export const pasted = signal(kept(pastedName, true) ?? "");
/** Whether a reload would bring it back; browsers keep some millions of characters. */
export const isPasteKept = signal(true);

let typing: ReturnType<typeof setTimeout> | undefined;

/** Opens what is pasted or typed once the typing pauses. */
export function typeText(typed: string): void {
  pasted.value = typed;
  clearTimeout(typing);
  typing = setTimeout(() => {
    isPasteKept.value = keep(pastedName, typed, true);
    // Else an older one would come back in its place.
    if (!isPasteKept.value) keep(pastedName, "", true);
    if (typed.trim() !== "") void openText({ kind: "text", text: typed });
  }, 350);
}

/** Opens the text that this tab had open, if it still has it, else the novel. */
export function openFirstText(): Promise<void> {
  const open = kept(openName, true) ?? "";
  if (open === "pasted" && pasted.value !== "") return openText({ kind: "text", text: pasted.value });
  return openText({ kind: "bundled", id: Object.hasOwn(bundledTexts, open) ? (open as BundledText) : "novel" });
}

let newest = 0;

/** Opens a text; of several asked for at once the last one counts. */
export async function openText(source: TextSource): Promise<void> {
  const own = ++newest;
  isReading.value = true;
  const opening = trainer.openText(source, cleaning.value);
  await telling(async () => {
    const summary = await opening.catch((error) => (own === newest ? Promise.reject(error) : undefined));
    if (own !== newest) return;
    const before = text.value?.bundled;
    text.value = summary;
    if (source.kind === "again") return;
    takeItems(before, summary?.bundled);
    keep(openName, nameOf(source), true);
  });
  if (own === newest) isReading.value = false;
}

/** What of a text of the page's own is an item is chosen with it, and no longer when another is opened. */
function takeItems(before: BundledText | undefined, now: BundledText | undefined): void {
  const [own, items] = [before, now].map((id) => id && bundledTexts[id].items);
  const { items: chosen } = choices.value.settings;
  if (items ?? (chosen !== undefined && chosen === own)) changeChoices({ items });
}

const nameOf = (source: TextSource): string =>
  source.kind === "bundled" ? source.id : source.kind === "text" ? "pasted" : source.kind;

/** Cleans the open text another way. */
export function changeCleaning(change: Partial<CleaningChoices>): void {
  cleaning.value = { ...cleaning.value, ...change };
  void openText({ kind: "again" });
}
