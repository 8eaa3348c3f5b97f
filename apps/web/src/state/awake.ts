import { effect } from "@preact/signals";
import { isBusy } from "./run.js";

/** Keeps the screen on while a network trains in a page that is looked at, where the browser lets it: telephones stop pages in the dark. */
export function keepAwake(): void {
  let lock: WakeLockSentinel | undefined;
  const follow = async () => {
    try {
      if (!isBusy.value) await lock?.release();
      else if (document.visibilityState === "visible") lock = await navigator.wakeLock?.request("screen");
    } catch {
      // A battery that runs low, or a browser that asks first: the run goes on as it would have.
    }
  };
  effect(() => {
    void isBusy.value;
    void follow();
  });
  document.addEventListener("visibilitychange", follow);
}
