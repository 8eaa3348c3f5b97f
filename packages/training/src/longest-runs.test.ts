import type { Checkpoint } from "@charlstm/model/checkpoint";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countLongestRuns, createRunLimit, longestRunsOf } from "./longest-runs.js";

test("the longest run of each character is that of the longest match of its repetition", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 60 }), async (ids) => {
      const text = ids.join("");
      const matched = [0, 1, 2, 3].map((id) =>
        Math.max(0, ...(text.match(new RegExp(`${id}+`, "g")) ?? []).map((run) => run.length)),
      );
      expect(await countLongestRuns(Uint8Array.from(ids), 4)).toEqual(matched);
    }),
  );
});

test("a text that follows the limit has no longer run than the text that was read, but for three", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }),
      fc.array(fc.nat(2), { maxLength: 80 }),
      (longest, wishes) => {
        const limit = createRunLimit(longest);
        const written = wishes.map((wish) => {
          const allowed = limit.allowed();
          const id = !allowed || allowed.includes(wish) ? wish : allowed[0]!;
          limit.observe(id);
          return id;
        });
        for (const [id, most] of longest.entries()) {
          expect(written.join("")).not.toContain(String(id).repeat(Math.max(3, most) + 1));
        }
      },
    ),
  );
});

test("below the limit every character may follow", () => {
  const limit = createRunLimit([5, 1]);
  for (let run = 0; run < 5; run++) {
    expect(limit.allowed()).toBeUndefined();
    limit.observe(0);
  }
  expect(limit.allowed()).toEqual([1]);
  limit.observe(1);
  expect(limit.allowed()).toBeUndefined();
});

test.each([
  ["a model of sequences that was trained here", "sequence", { longestRuns: [4, 1] }, [4, 1]],
  ["the notebook's model", "window", { longestRuns: [4, 1] }, undefined],
  ["a model from elsewhere", "sequence", undefined, undefined],
  ["a checkpoint with another count", "sequence", { longestRuns: [4] }, undefined],
  ["a checkpoint with nonsense in it", "sequence", { longestRuns: [4, "many"] }, undefined],
])("%s has the runs that it says", (_, objective, progress, expected) => {
  const checkpoint = { objective, progress, vocabulary: ["a", "b"] } as unknown as Checkpoint;
  expect(longestRunsOf(checkpoint)).toEqual(expected);
});
