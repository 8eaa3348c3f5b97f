import { effect, type Signal } from "@preact/signals";
import { readLink } from "./choices.js";

/** The parameter of the address's fragment that names a tab; what else is there are settings. */
const tabName = "tab";

/**
 * Keeps the address in step with the tab, so that Back goes to the one before and a link opens what it was made of: also one that is
 * opened in a page that is there already.
 */
export function followAddress<Name extends string>(tab: Signal<Name>, names: readonly Name[]): void {
  const read = () => {
    const parameters = new URLSearchParams(location.hash.slice(1));
    const named = names.find((name) => name === parameters.get(tabName));
    parameters.delete(tabName);
    readLink(parameters.toString());
    if (named) tab.value = named;
    else if (location.hash.length < 2) tab.value = first;
  };
  const first = tab.value;
  read();
  addEventListener("hashchange", read);
  effect(() => {
    const parameters = new URLSearchParams(location.hash.slice(1));
    if ((parameters.get(tabName) ?? first) === tab.value) return;
    // Settings that were taken already would be taken again on the way back.
    location.hash = `${tabName}=${tab.value}`;
  });
}
