import { status } from "./state/run.js";

/** Milliseconds until the files that few need are fetched too. */
const restAfter = 20_000;

const reloaded = "charlstm reloaded for threads";

/**
 * Keeps the app for use without a network. Where the host sends no isolation headers, the service worker adds them: the page then
 * loads once more, unless a run has begun, to get its threads.
 */
export async function registerServiceWorker(): Promise<void> {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("./service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    setTimeout(() => active?.postMessage("keep the rest"), restAfter);
  } catch {
    return; // Without one the page works as before, just not offline.
  }
  if (crossOriginIsolated || status.value !== "idle" || sessionStorage.getItem(reloaded)) return;
  sessionStorage.setItem(reloaded, "yes");
  location.reload();
}
