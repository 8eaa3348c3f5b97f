/** Time, as far as downloading needs it: tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits for some milliseconds; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, milliseconds);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};

// Project Gutenberg asks robots for two seconds between requests.
const REQUEST_INTERVAL = 2_000;
const nextRequest = new WeakMap<Clock, Map<string, number>>();

/** Waits until this process may send another request to a host: one every two seconds, whoever asks. */
export async function waitForTurn(host: string, clock: Clock, signal?: AbortSignal): Promise<void> {
  const hosts = nextRequest.get(clock) ?? new Map<string, number>();
  nextRequest.set(clock, hosts);
  const now = clock.now();
  const turn = Math.max(now, hosts.get(host) ?? 0);
  hosts.set(host, turn + REQUEST_INTERVAL);
  if (turn > now) await clock.sleep(turn - now, signal);
}
