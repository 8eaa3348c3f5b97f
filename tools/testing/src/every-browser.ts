import { existsSync } from "node:fs";
import { chromium, type ElementHandle } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { startFirefox } from "./webdriver/firefox.js";
import type { Found, Session } from "./webdriver/session.js";
import { startWebKit } from "./webdriver/webkit.js";

export type { Session } from "./webdriver/session.js";

const executables = {
  chromium: process.env.CHARLSTM_CHROMIUM ?? "/usr/bin/chromium",
  firefox: process.env.CHARLSTM_FIREFOX ?? "/usr/bin/firefox-esr",
  webkit: {
    driver: process.env.CHARLSTM_WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver",
    browser: process.env.CHARLSTM_WEBKIT ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  },
};

const browsers = [
  { name: "Chromium", needs: [executables.chromium], start: () => startChromium(executables.chromium) },
  { name: "Firefox", needs: [executables.firefox], start: () => startFirefox(executables.firefox) },
  { name: "WebKitGTK", needs: Object.values(executables.webkit), start: () => startWebKit(executables.webkit) },
];

/** A `describe` once for each browser, with a window of it for all its tests; those that are not here are listed as skipped. */
export function describeInEveryBrowser(name: string, suite: (session: () => Session) => void): void {
  for (const browser of browsers) {
    let session: Session;
    if (!browser.needs.every(existsSync)) {
      describe.skip(`${name} in ${browser.name} (skipped: no ${browser.name})`, () => suite(() => session));
      continue;
    }
    describe(`${name} in ${browser.name}`, () => {
      beforeAll(async () => {
        session = await browser.start();
      }, 120_000);
      afterAll(() => session?.close());
      suite(() => session);
    });
  }
}

/** The same commands, by the driver that the other tests in Chromium have. */
async function startChromium(executablePath: string): Promise<Session> {
  // Containers have no sandbox for it to use.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  const found = new Map<string, ElementHandle>();
  // By its text: the page's policy lets nothing in it make functions.
  const call = (body: string, given: unknown[]) => `(function () {${body}}).apply(undefined, ${JSON.stringify(given)})`;
  const handleOf = ({ id }: Found) => found.get(id)!;
  return {
    open: async (address) => void (await page.goto(address)),
    run: (body, ...given) => page.evaluate(call(body, given)),
    async find(body, ...given) {
      const handle = (await page.evaluateHandle(call(body, given))).asElement();
      if (!handle) return undefined;
      const id = String(found.size);
      found.set(id, handle);
      return { id };
    },
    click: (element) => handleOf(element).click(),
    async type(element, text) {
      const handle = handleOf(element);
      if (await handle.evaluate((node) => (node as HTMLInputElement).type === "file")) await handle.setInputFiles(text);
      else await handle.type(text);
    },
    close: () => browser.close(),
  };
}
