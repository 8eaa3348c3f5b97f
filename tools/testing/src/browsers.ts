// The browsers that the page is for, and how a window of each is opened.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type ElementHandle } from "playwright-core";
import { startFirefox } from "./webdriver/firefox.js";
import type { Found, Session } from "./webdriver/session.js";
import { startWebKit } from "./webdriver/webkit.js";

/** What a browser gives its pages, and can be told to keep from them. */
export type Given = "WebAssembly" | "SIMD" | "site data";

export interface Browser {
  name: "Chromium" | "Firefox" | "WebKitGTK";
  /** The programs that it takes. */
  needs: readonly string[];
  /** What it can be told to keep from pages. */
  canLack: readonly Given[];
  /** Opens a window of it, without a past. */
  start(lacking?: Given): Promise<Session>;
}

const executables = {
  chromium: process.env.CHARLSTM_CHROMIUM ?? "/usr/bin/chromium",
  firefox: process.env.CHARLSTM_FIREFOX ?? "/usr/bin/firefox-esr",
  webkit: {
    driver: process.env.CHARLSTM_WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver",
    browser: process.env.CHARLSTM_WEBKIT ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  },
};

const firefoxWithout: Partial<Record<Given, Record<string, unknown>>> = {
  WebAssembly: { "javascript.options.wasm": false },
  "site data": { "network.cookie.cookieBehavior": 2 },
};

/** All of them, also those that are not here. */
export const browsers: readonly Browser[] = [
  {
    name: "Chromium",
    needs: [executables.chromium],
    canLack: ["SIMD", "site data"],
    start: (lacking) => startChromium(executables.chromium, lacking),
  },
  {
    name: "Firefox",
    needs: [executables.firefox],
    // It has no switch for SIMD alone.
    canLack: ["WebAssembly", "site data"],
    start: (lacking) => startFirefox(executables.firefox, lacking && firefoxWithout[lacking]),
  },
  {
    name: "WebKitGTK",
    needs: Object.values(executables.webkit),
    // MiniBrowser has no switch for site data.
    canLack: ["SIMD"],
    start: (lacking) => startWebKit(executables.webkit, lacking === "SIMD" ? { JSC_useWasmSIMD: "0" } : {}),
  },
];

/** Those that are on this machine. */
export const installed = (): Browser[] => browsers.filter(({ needs }) => needs.every(existsSync));

/** The same commands, by the driver that the other tests in Chromium have. */
async function startChromium(executablePath: string, lacking?: Given): Promise<Session> {
  const profile = await mkdtemp(join(tmpdir(), "charlstm-chromium-"));
  if (lacking === "site data") {
    await mkdir(join(profile, "Default"));
    const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
    await writeFile(join(profile, "Default/Preferences"), JSON.stringify(blocked));
  }
  // Containers have no sandbox for it to use. A processor without SSE 4.1 has no vectors for WebAssembly.
  const args = ["--no-sandbox", ...(lacking === "SIMD" ? ["--js-flags=--no-enable-sse4-1"] : [])];
  const context = await chromium.launchPersistentContext(profile, { executablePath, args });
  const [page = await context.newPage()] = context.pages();
  const found = new Map<string, ElementHandle>();
  // By its text: the page's policy lets nothing in it make functions.
  const call = (body: string, given: unknown[]) => `(function () {${body}}).apply(undefined, ${JSON.stringify(given)})`;
  const handleOf = ({ id }: Found) => found.get(id)!;
  return {
    version: context.browser()?.version() ?? "",
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
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
