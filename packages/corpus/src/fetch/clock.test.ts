import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock, waitForTurn } from "./clock.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

test("it sleeps for as long as it is told, and then listens no longer", async () => {
  const { signal } = new AbortController();
  let isAwake = false;
  const sleep = systemClock.sleep(500, signal).then(() => (isAwake = true));
  await vi.advanceTimersByTimeAsync(499);
  expect([isAwake, listeners(signal)]).toEqual([false, 1]);
  await vi.advanceTimersByTimeAsync(1);
  await sleep;
  expect([isAwake, listeners(signal)]).toEqual([true, 0]);
});

test("an abort wakes it at once with its reason, and leaves no timer behind", async () => {
  const abort = new AbortController();
  const sleep = systemClock.sleep(500, abort.signal);
  abort.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  expect([vi.getTimerCount(), listeners(abort.signal)]).toEqual([0, 0]);
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
