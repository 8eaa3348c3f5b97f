const reachable = "button, input, select, textarea, summary, a[href], [tabindex]";

interface Place {
  element: Element;
  /** The focused one's number among what the keyboard reaches in it. */
  index: number;
}

/** Hands the focus on when what has it is disabled or goes away: it would fall to the page's beginning, far from where the visitor was. */
export function keepFocus(app: Element): void {
  let last: HTMLElement | undefined;
  let places: Place[] = [];
  let isLost = false;
  app.addEventListener("focusin", ({ target }) => {
    last = target as HTMLElement;
    places = placesAround(last, app);
    isLost = false;
  });
  // Who points at something else has left by choice.
  document.addEventListener("pointerdown", () => {
    last = undefined;
  });
  let isDue = false;
  const handOn = () => {
    isDue = false;
    if (!last || !isLost || document.activeElement !== document.body) return;
    (last.isConnected ? last : standIn(places))?.focus();
  };
  new MutationObserver(() => {
    if (!last) return;
    isLost ||= !last.isConnected || last.matches(":disabled");
    if (!isLost || isDue) return;
    isDue = true;
    // In a task of its own: to find and focus something the page is laid out, after what may have changed much of it.
    setTimeout(handOn);
  }).observe(app, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}

function placesAround(focused: Element, app: Element): Place[] {
  const places: Place[] = [];
  for (let element = focused.parentElement; element; element = element === app ? null : element.parentElement) {
    places.push({ element, index: reachableIn(element).indexOf(focused as HTMLElement) });
  }
  return places;
}

/** What comes first in the nearest place that is left, or is where the lost one was; nothing while all there is disabled. */
function standIn(places: readonly Place[]): HTMLElement | undefined {
  for (const { element, index } of places) {
    const found = element.isConnected ? reachableIn(element).filter((one) => one.checkVisibility()) : [];
    if (found.length === 0) continue;
    const usable = found.filter((one) => !one.matches(":disabled"));
    return usable.find((one) => one.matches(".primary")) ?? usable[Math.min(Math.max(index, 0), usable.length - 1)];
  }
  return undefined;
}

const reachableIn = (element: Element): HTMLElement[] =>
  [...element.querySelectorAll<HTMLElement>(reachable)].filter(({ tabIndex }) => tabIndex >= 0);
