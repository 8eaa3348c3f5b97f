import { expect, test, vi } from "vitest";
import { turnNowAndThen } from "./next-turn.js";

test("a turn is taken when 50 ms have gone by since the last one, not before", async () => {
  let now = 1000;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  const turn = turnNowAndThen();
  now = 1049.9;
  expect(turn()).toBeUndefined();
  now = 1050;
  let isTaken = false;
  setTimeout(() => {
    isTaken = true;
  }, 0);
  await turn();
  expect(isTaken).toBe(true);
  now = 1099.9;
  expect(turn()).toBeUndefined();
  now = 1100;
  expect(turn()).toBeInstanceOf(Promise);
  clock.mockRestore();
});
