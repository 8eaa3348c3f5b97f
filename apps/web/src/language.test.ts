import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The visitor's language once the page has looked at it. */
async function languageAfter(given: string): Promise<string> {
  vi.stubGlobal("navigator", { language: given });
  vi.resetModules();
  // @ts-expect-error It exports nothing.
  await import("./language.js");
  return navigator.language;
}

test("a language that numbers can be written in stays the visitor's", async () => {
  expect(await languageAfter("de-CH")).toBe("de-CH");
});

test("one that is none, as of a system without a language, is English from then on", async () => {
  expect(await languageAfter("C")).toBe("en");
});
