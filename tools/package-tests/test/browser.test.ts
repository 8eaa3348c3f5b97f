import { expect, inject, test } from "vitest";
import { browserTest } from "../src/browser.js";
import { bundle } from "../src/bundle.js";
import { publishedPackages } from "../src/workspace.js";

const entries = publishedPackages.flatMap((published) => published.entries);

test.each(entries)("%s bundles for the browser without Node's modules", async (entry) => {
  await bundle(`import * as entry from ${JSON.stringify(entry)}; globalThis.entry = entry;`, inject("project"));
});

browserTest("sampling draws the same ids in a browser's bundle as in Node", async ({ page }) => {
  const { createRandom, sample } = await import("@charlstm/sampling");
  const random = createRandom(7);
  const expected = Array.from({ length: 20 }, () => sample([0.1, 0.2, 0.3, 0.4], { temperature: 0.5, random }));
  const script = await bundle(
    `
      import { createRandom, sample } from "@charlstm/sampling";
      const random = createRandom(7);
      globalThis.result = Array.from({ length: 20 }, () => sample([0.1, 0.2, 0.3, 0.4], { temperature: 0.5, random }));
    `,
    inject("project"),
  );
  await page.addScriptTag({ content: script, type: "module" });
  expect(await page.evaluate("globalThis.result")).toEqual(expected);
});
