import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectedOf, presets, settingsTable, type TrainingSettings } from "../src/index.js";

/** What each preset has of a setting, those that have the same together. */
function valuesOf(name: keyof TrainingSettings): string {
  const shown = Object.entries(presets).map(([preset, settings]) => {
    const value = settings[name] ?? "none";
    return { preset: `\`${preset}\``, value: Object.values(typeof value === "object" ? value : [value]).join(", ") };
  });
  const [first, ...others] = shown;
  if (others.every(({ value }) => value === first!.value)) return `All: ${first!.value}.`;
  return `${shown.map(({ preset, value }) => `${preset}: ${value}`).join("; ")}.`;
}

/** Written by `npx vitest run test/readme.test.ts -u`. */
test("the README has every setting with its range and what the presets have", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const list = Object.entries(settingsTable).map(
    ([name, { help, range }]) =>
      `- \`${name}\`: ${help}; ${expectedOf(range)}.\n  ${valuesOf(name as keyof TrainingSettings)}`,
  );
  const head = "what the presets have:\n\n";
  const start = readme.indexOf(head) + head.length;
  const end = readme.indexOf("\n\n", start);
  const written = `${readme.slice(0, start)}${list.join("\n")}${readme.slice(end)}`;
  await expect(written).toMatchFileSnapshot("../README.md");
});
