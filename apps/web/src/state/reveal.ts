export interface Reveal<Item> {
  add: (items: readonly Item[]) => void;
  /** Shows nothing more. */
  stop: () => void;
  /** Resolves when all is shown, or `stop` was called. */
  end: () => Promise<void>;
}

/**
 * Shows what was written at a pace that can be followed; all that is there at once for those who want less motion, and where nobody looks.
 *
 * @param options.perFrame Items in each frame of the screen.
 */
export function createReveal<Item>(show: (items: Item[]) => void, { perFrame }: { perFrame: number }): Reveal<Item> {
  const waiting: Item[] = [];
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let last: Promise<void> = Promise.resolve();
  let isStopped = false;
  const frame = () =>
    new Promise<void>((resolve) => (document.hidden ? setTimeout(resolve) : requestAnimationFrame(() => resolve())));
  async function empty(): Promise<void> {
    while (waiting.length > 0 && !isStopped) {
      show(waiting.splice(0, isCalm || document.hidden ? waiting.length : perFrame));
      await frame();
    }
  }
  return {
    add(items) {
      waiting.push(...items);
      last = last.then(empty);
    },
    stop() {
      isStopped = true;
    },
    end: () => last,
  };
}
