import { chromium, type Page } from "playwright-core";
import { test } from "vitest";

const executablePath = process.env.CHARLSTM_CHROMIUM;

/** A test in an empty page of the Chromium that `CHARLSTM_CHROMIUM` names; without it the test is listed as skipped. */
export function browserTest(name: string, body: (context: { page: Page }) => Promise<void>): void {
  if (!executablePath) {
    test.skip(`${name} (skipped: CHARLSTM_CHROMIUM names no browser)`, () => {});
    return;
  }
  test(name, async () => {
    // No sandbox: CI runs as root, and the page holds nothing but our own bundle.
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      const errors: Error[] = [];
      page.on("pageerror", (error) => errors.push(error));
      await body({ page });
      if (errors.length > 0) throw errors[0];
    } finally {
      await browser.close();
    }
  });
}
