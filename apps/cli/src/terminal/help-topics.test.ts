import { presets } from "@charlstm/training";
import { expect, test } from "vitest";
import { helpTopics } from "./help-topics.js";

test("every topic begins with its name, and fits 80 columns", () => {
  for (const [name, text] of Object.entries(helpTopics)) {
    expect(text().toLowerCase()).toMatch(new RegExp(`^${name}[: ]`));
    for (const line of text().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  }
});

test("of the presets the settings are listed in which they differ, with the values of each", () => {
  const rows = new Map(
    helpTopics.presets!()
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/))
      .map(([name, ...values]) => [name!, values]),
  );
  const { quick, notebook, large } = presets;
  expect(rows.get("units")).toEqual([quick, notebook, large].map(({ units }) => String(units[0])));
  expect(rows.get("optimizer")).toEqual([quick, notebook, large].map(({ optimizer }) => optimizer.name));
  expect(rows.get("seed")).toBeUndefined();
  expect(rows.get("quick")).toEqual(["notebook", "large"]);
});
