import { status } from "./state/run.js";
import { keep, kept } from "./state/site-data.js";

const reloaded = "charlstm reloaded for threads";

/**
 * Keeps the app for use without a network. Where the host sends no isolation headers, the service worker adds them: the page then
 * loads once more, unless a run has begun, to get its threads.
 */
export async function registerServiceWorker(): Promise<void> {
  if (import.meta.env.DEV) return;
  try {
    if (!("serviceWorker" in navigator)) return;
    await navigator.serviceWorker.register("./service-worker.js");
    await navigator.serviceWorker.ready;
  } catch {
    return; // Without one the page works as before, just not offline.
  }
  if (crossOriginIsolated || status.value !== "idle" || kept(reloaded, true)) return;
  // Where that can't be kept, the page would load again and again.
  if (keep(reloaded, "yes", true)) location.reload();
}
