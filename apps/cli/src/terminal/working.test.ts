import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ioIn } from "../../test/invoke.js";
import { working } from "./working.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched(signal?: AbortSignal) {
  const io = ioIn("/", signal);
  const lines: string[] = [];
  io.stderr.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  return { io, lines };
}

test("work of more than two seconds says what it is, once", async () => {
  const { io, lines } = watched();
  const work = working(io, "counting", new Promise((resolve) => setTimeout(() => resolve(7), 9000)));
  await vi.advanceTimersByTimeAsync(1999);
  expect(lines).toEqual([]);
  await vi.advanceTimersByTimeAsync(8000);
  expect(lines).toEqual(["counting…\n"]);
  expect(await work).toBe(7);
});

test("short work and work that fails say nothing, and the failure comes through", async () => {
  const { io, lines } = watched();
  expect(await working(io, "counting", Promise.resolve(7))).toBe(7);
  await expect(working(io, "counting", Promise.reject(new Error("no")))).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(5000);
  expect(lines).toEqual([]);
});

test("an abort ends the waiting at once, with its reason, though the work fails later", async () => {
  const controller = new AbortController();
  const { io } = watched(controller.signal);
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), 9000));
  const work = working(io, "counting", late);
  controller.abort(new Error("enough"));
  await expect(work).rejects.toThrow("enough");
  await vi.advanceTimersByTimeAsync(9000);
  vi.useRealTimers();
  await sleep(5); // an unhandled rejection would fail the suite here
});
