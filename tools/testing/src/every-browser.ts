import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe } from "vitest";
import { type Browser, browsers } from "./browsers.js";
import type { Session } from "./webdriver/session.js";

export type { Session } from "./webdriver/session.js";

/** A `describe` once for each browser, with a window of it for all its tests; those that are not here are listed as skipped. */
export function describeInEveryBrowser(name: string, suite: (session: () => Session, browser: Browser) => void): void {
  for (const browser of browsers) {
    let session: Session;
    if (!browser.needs.every(existsSync)) {
      describe.skip(`${name} in ${browser.name} (skipped: no ${browser.name})`, () => suite(() => session, browser));
      continue;
    }
    describe(`${name} in ${browser.name}`, () => {
      beforeAll(async () => {
        session = await browser.start();
      }, 120_000);
      afterAll(() => session?.close());
      suite(() => session, browser);
    });
  }
}
