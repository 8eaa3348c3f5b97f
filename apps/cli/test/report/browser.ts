import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { newPage } from "@charlstm/testing/browser";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { command } from "../invoke.js";
import { type FakeRun, makeRun } from "./runs.js";

/** The page's only script is in the page itself. */
const pageScript = fileURLToPath(new URL("../../dist/report-page.js", import.meta.url));

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
  const page = await newPage({ viewport: { width: 1280, height: 900 }, builtFile: () => pageScript, ...options });
  const context = page.context();
  const address = pathToFileURL(file).href;
  const problems: string[] = [];
  context.on("request", (request) => request.url() !== address && problems.push(`request: ${request.url()}`));
  context.on("console", (message) => problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  onTestFinished(() => {
    if (!mayComplain) expect(problems).toEqual([]);
  });
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

export const elements = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll("*").length);
