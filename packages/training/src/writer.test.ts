// What a writer reads, on a stand-in whose streams note it: logits say how many steps there were since the zero state.
import { expect, test } from "vitest";
import type { Backend } from "./backend.js";
import { createWriter } from "./writer.js";

function noting(objective: "window" | "sequence") {
  const log: (string | number[])[] = [];
  let steps = 0;
  const backend = {
    options: { architecture: { vocabularySize: 3, window: 4 }, objective },
    openStream: (count: number) => ({
      step: (ids: ArrayLike<number>) => {
        log.push(Array.from(ids));
        steps++;
        return Float32Array.from({ length: 3 * count }, (_, index) => 10 * steps + index);
      },
      reset: () => {
        log.push("reset");
        steps = 0;
      },
      dispose: () => log.push("dispose"),
    }),
  } as unknown as Backend;
  return { backend, log };
}

test("a stream reads each character once, the texts side by side", () => {
  const { backend, log } = noting("sequence");
  const writer = createWriter(backend, { count: 2 });
  writer.read([0, 1, 2, 0]);
  writer.read([1, 1]);
  expect(log).toEqual([
    [0, 1],
    [2, 0],
    [1, 1],
  ]);
  expect([...writer.next(0)]).toEqual([30, 31, 32]);
  expect([...writer.next(1)]).toEqual([33, 34, 35]);
  writer.dispose();
  writer.dispose();
  expect(log.slice(3)).toEqual(["dispose"]);
});

test("a window reads its last characters again for each, from the zero state", () => {
  const { backend, log } = noting("window");
  const writer = createWriter(backend);
  writer.read([0, 1, 2, 0, 1, 2]);
  writer.read([1]);
  expect(log).toEqual(["reset", [2], [0], [1], [2], "reset", [0], [1], [2], [1]]);
  // Float32 probabilities, taken for logits as the notebook does: log(softmax), up to a constant.
  const [first, second, third] = writer.next(0);
  expect(second! - first!).toBeCloseTo(1, 5);
  expect(third! - second!).toBeCloseTo(1, 5);
});

test("a model of windows can be read as a stream, one of sequences in windows of any length", () => {
  const windows = noting("window");
  createWriter(windows.backend, { context: "stream" }).read([0, 1]);
  expect(windows.log).toEqual([[0], [1]]);
  const sequences = noting("sequence");
  createWriter(sequences.backend, { context: "window", window: 2 }).read([0, 1, 2]);
  expect(sequences.log).toEqual(["reset", [1], [2]]);
});

test("before anything was read nothing comes next", () => {
  const writer = createWriter(noting("sequence").backend);
  expect(() => writer.next(0)).toThrow(
    expect.objectContaining({
      code: "EMPTY_PROMPT",
      message: "nothing was read yet: give at least one character to start from",
    }),
  );
});
