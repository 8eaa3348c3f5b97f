import { expect, test } from "vitest";
import { embeddedObjective } from "./objective.js";

test.each(["window", "sequence", undefined])("%j is taken as it is", (value) => {
  const warnings: string[] = [];
  expect(embeddedObjective(value, warnings)).toBe(value);
  expect(warnings).toEqual([]);
});

test.each(["stream", 3, null, {}, "x".repeat(1000)])(
  "an objective that is unknown is left out with a warning: %j",
  (value) => {
    const warnings: string[] = [];
    expect(embeddedObjective(value, warnings)).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(/^the objective in the file is .{1,45}, expected "window" or "sequence"/),
    ]);
  },
);
