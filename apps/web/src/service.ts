import { say } from "./state/notices.js";
import { status } from "./state/run.js";
import { keep, kept } from "./state/site-data.js";

const reloaded = "charlstm reloaded for threads";

/** Milliseconds after which a page that waits for its threads is left as it is: who reads it must not have it taken away. */
const patience = 10_000;

/**
 * Keeps the app for use without a network. Where the host sends no isolation headers, the service worker adds them: the page then
 * loads once more, unless a run has begun, to get its threads.
 *
 * @returns Resolves once the page does not load again by itself: what is begun before that may be lost.
 */
export async function registerServiceWorker(): Promise<void> {
  if (import.meta.env.DEV) return;
  try {
    if (!("serviceWorker" in navigator)) return;
    tellOfNewVersion(await navigator.serviceWorker.register("./service-worker.js"));
    if (crossOriginIsolated || kept(reloaded, true)) return;
    const isReady = navigator.serviceWorker.ready.then(() => true);
    const isLate = new Promise<false>((resolve) => setTimeout(resolve, patience, false));
    if (!(await Promise.race([isReady, isLate])) || status.value !== "idle") return;
  } catch {
    return; // Without one the page works as before, just not offline.
  }
  // Where that can't be kept, the page would load again and again.
  if (!keep(reloaded, "yes", true)) return;
  location.reload();
  await new Promise(() => {});
}

/** Says that a newer page is fetched; the one that is open goes on until its last tab is closed. */
function tellOfNewVersion(registration: ServiceWorkerRegistration): void {
  const tell = () => {
    if (registration.waiting && navigator.serviceWorker.controller)
      say("A new version of this page is here: it is used once all tabs with this one are closed.");
  };
  tell();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", tell));
}
