import { effect } from "@preact/signals";
import { isBusy, isUnsaved } from "./run.js";
import { isPasteKept } from "./text.js";

/** Has the browser ask before the page is left in the middle of a run, or with what is nowhere else. */
export function askBeforeLeaving(): void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  effect(() => {
    // Only while there is something to lose: browsers put no page with such a listener aside for Back.
    if (isBusy.value || isUnsaved.value || !isPasteKept.value) addEventListener("beforeunload", ask);
    else removeEventListener("beforeunload", ask);
  });
}
