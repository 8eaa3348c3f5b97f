import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock, waitForTurn } from "./clock.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An abort controller whose signal counts who listens to it. */
function countedAbort() {
  const abort = new AbortController();
  const { signal } = abort;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, given);
  };
  return { abort, signal, listeners: () => listeners };
}

test("it sleeps for as long as it is told, and then listens no longer", async () => {
  const { signal, listeners } = countedAbort();
  let isAwake = false;
  const sleep = systemClock.sleep(500, signal).then(() => (isAwake = true));
  await vi.advanceTimersByTimeAsync(499);
  expect([isAwake, listeners()]).toEqual([false, 1]);
  await vi.advanceTimersByTimeAsync(1);
  await sleep;
  expect([isAwake, listeners()]).toEqual([true, 0]);
});

test("an abort wakes it at once with its reason, and leaves no timer behind", async () => {
  const { abort, signal } = countedAbort();
  const sleep = systemClock.sleep(500, signal);
  abort.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  expect(vi.getTimerCount()).toBe(0);
});

test("it doesn't fall asleep when it was aborted before", async () => {
  await expect(systemClock.sleep(500, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(vi.getTimerCount()).toBe(0);
});

test("a host is asked every two seconds, another one at once", async () => {
  const asked: string[] = [];
  const ask = (host: string) => waitForTurn(host, systemClock).then(() => asked.push(`${host} ${Date.now() - start}`));
  const start = Date.now();
  const all = Promise.all([ask("a"), ask("a"), ask("b"), ask("a")]);
  await vi.advanceTimersByTimeAsync(4_000);
  await all;
  expect(asked).toEqual(["a 0", "b 0", "a 2000", "a 4000"]);
});
