import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, onTestFinished } from "vitest";
import { measurePage } from "./measure/pages.js";

const executablePath = process.env.CHARLSTM_CHROMIUM ?? "/usr/bin/chromium";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;

/** A `describe` whose tests have a browser; listed as skipped where there is no Chromium. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (!existsSync(executablePath)) {
    describe.skip(`${name} (skipped: no Chromium)`, suite);
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      // Containers have no sandbox for it to use.
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    });
    afterAll(() => browser?.close());
    suite();
  });
}

/**
 * A page of a browser without a past, closed when the test ends.
 *
 * @param options The browser's, and `builtFile`: the file below `dist/` that a script's address is served from, for coverage.
 */
export async function newPage(
  options: BrowserContextOptions & { builtFile: (address: string) => string },
): Promise<Page> {
  const { builtFile, ...contextOptions } = options;
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  const save = process.env.CHARLSTM_COVERAGE ? await measurePage(page, builtFile) : undefined;
  onTestFinished(async () => {
    await save?.();
    await context.close();
  });
  return page;
}

/** What axe finds serious or critical. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger, so that the page's own policy needs no exception.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: runner } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await runner.run();
    return found
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => {
        const first = nodes.slice(0, 3).map(({ html }) => html);
        return `${id}: ${first.join(" | ")}`;
      });
  });
}
