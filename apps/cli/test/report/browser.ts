import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished } from "vitest";
import { command } from "../invoke.js";
import { type FakeRun, makeRun } from "./runs.js";

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

interface OpenOptions extends BrowserContextOptions {
  /** Whether the page may complain on its console: only where a test makes it. */
  mayComplain?: boolean;
}

/** Makes the report of some runs and opens it from disk. The test fails when the page asks for anything or complains. */
export async function openReport(
  runs: Readonly<Record<string, FakeRun>>,
  { mayComplain = false, ...options }: OpenOptions = {},
): Promise<Page> {
  const folder = temporaryFolder();
  for (const [name, run] of Object.entries(runs)) await makeRun(join(folder, name), run);
  const made = await command(folder, "report", ...Object.keys(runs), "--out", "page.html");
  expect(made.code, made.stderr).toBe(0);
  return openPage(join(folder, "page.html"), { mayComplain, ...options });
}

async function openPage(file: string, { mayComplain, ...options }: OpenOptions): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const problems: string[] = [];
  context.on("request", (request) => request.url() !== address && problems.push(`request: ${request.url()}`));
  context.on("console", (message) => problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  onTestFinished(async () => {
    await context.close();
    if (!mayComplain) expect(problems).toEqual([]);
  });
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
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
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

export const elements = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll("*").length);
