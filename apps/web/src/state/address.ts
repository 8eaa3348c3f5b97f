import { effect, type Signal } from "@preact/signals";
import { readLink } from "./choices.js";
import { isTouring } from "./tour.js";

/** The parameters of the address's fragment that name a tab, and a model to open; what else is there are settings. */
const tabName = "tab";
const modelName = "model";

/**
 * Keeps the address in step with the tab, so that Back goes to the one before and a link opens what it was made of: also one that is
 * opened in a page that is there already.
 *
 * @param settled Resolves once the page does not load again by itself; until then the address goes on naming a model.
 * @param onModel Is given the address of a model that the link names.
 */
export function followAddress<Name extends string>(
  tab: Signal<Name>,
  names: readonly Name[],
  settled: Promise<void>,
  onModel: (address: string) => void,
): void {
  const read = () => {
    const parameters = new URLSearchParams(location.hash.slice(1));
    const named = names.find((name) => name === parameters.get(tabName));
    const model = parameters.get(modelName);
    for (const name of [tabName, modelName]) parameters.delete(name);
    readLink(parameters.toString());
    if (model)
      void settled.then(() => {
        // Once: Back, a reload or a change of tab would fetch it again.
        if (new URLSearchParams(location.hash.slice(1)).has(modelName)) {
          const own = tab.value === first ? location.pathname + location.search : `#${tabName}=${tab.value}`;
          history.replaceState(null, "", own);
        }
        onModel(model);
      });
    if (named) tab.value = named;
    else if (location.hash.length < 2) tab.value = first;
  };
  const first = tab.value;
  read();
  addEventListener("hashchange", read);
  effect(() => {
    // Its steps are no places to go back to.
    if (isTouring.value) return;
    const parameters = new URLSearchParams(location.hash.slice(1));
    // A model that is yet to be fetched would be forgotten; its address is replaced then.
    if (parameters.has(modelName) || (parameters.get(tabName) ?? first) === tab.value) return;
    // Settings that were taken already would be taken again on the way back.
    location.hash = `${tabName}=${tab.value}`;
  });
}
