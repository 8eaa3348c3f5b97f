import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeInBrowser as describeInAnyBrowser, newPage } from "@charlstm/testing/browser";
import type { BrowserContextOptions, Page } from "playwright-core";
import { preview } from "vite";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const builtFile = (url: string): string => join(root, "dist", new URL(url).pathname);

/** A text that a network soon knows: a few sentences in changing order. */
export const easyText = Array.from({ length: 400 }, (_, index) =>
  ["the cat sat on the mat.", "a dog ran to the door!", "“who is there?” said the cat."][(index * index) % 3]!.concat(
    index % 4 === 3 ? "\n" : " ",
  ),
).join("");

let address: string;

/** A `describe` whose tests have a browser and the built app on a server; listed as skipped where there is no Chromium. */
export function describeInBrowser(name: string, suite: () => void): void {
  describeInAnyBrowser(name, () => {
    let server: Awaited<ReturnType<typeof preview>>;
    beforeAll(async () => {
      server = await preview({ root, logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
      address = server.resolvedUrls!.local[0]!;
    });
    afterAll(() => server?.close());
    suite();
  });
}

/** Where the app is served. */
export const appAddress = (): string => address;

interface OpenOptions extends BrowserContextOptions {
  /** Where to open it. Default: the preview server. */
  at?: string;
  /** What it says once it is open. */
  ready?: string;
}

/**
 * Opens the app in a browser without a past. When the test ends it also fails if anything broke the page's security policy,
 * asked another host for something, or threw.
 */
export async function openApp({ at = address, ready = "It will read", ...options }: OpenOptions = {}): Promise<Page> {
  const page = await newPage({ acceptDownloads: true, builtFile, ...options });
  const context = page.context();
  const problems: string[] = [];
  context.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(at).host) problems.push(`foreign request: ${request.url()}`);
  });
  context.on("console", (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  onTestFinished(() => expect(problems).toEqual([]));
  await page.goto(at);
  await page.getByText(ready).waitFor();
  return page;
}

/** Opens another text by pasting it. */
export async function paste(page: Page, text: string): Promise<void> {
  await goTo(page, "Text");
  await page.context().grantPermissions(["clipboard-write"]);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.getByLabel("Or paste").selectText();
  await page.keyboard.press("ControlOrMeta+V");
  await page.getByRole("heading", { name: "Your text" }).nth(1).waitFor();
}

/** Drops a file or folder of this machine on the page. */
export async function drop(page: Page, path: string): Promise<void> {
  const { x, y } = (await page.locator("main").boundingBox())!;
  const session = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    await session.send("Input.dispatchDragEvent", { type, x: x + 5, y: y + 5, data });
  }
}

/** Imports a model from files of this machine, and opens it under Play. */
export async function importFiles(page: Page, files: string[]): Promise<void> {
  await goTo(page, "Keep");
  await page.getByLabel("Choose files").setInputFiles(files);
  await page.getByText(/is here: open it under Play/).waitFor({ timeout: 20_000 });
  await page.locator(".model").getByRole("button", { name: "Play" }).first().click();
}

export async function goTo(page: Page, tab: string): Promise<void> {
  await page.getByRole("tab", { name: tab }).click();
  await page.locator("#panel > *").first().waitFor();
}

/** Starts a run on a pasted text, by default one that lasts for minutes, and waits until it is under way. */
export async function startTraining(page: Page, { epochs = 1000, text = easyText.repeat(10) } = {}): Promise<void> {
  await paste(page, text);
  await goTo(page, "Train");
  await page.getByText("All settings").click();
  await page.getByLabel("Epochs", { exact: true }).fill(String(epochs));
  await page.getByLabel("Units", { exact: true }).fill("32");
  await page.getByText("All settings").click();
  await page.getByRole("button", { name: /^Start/ }).click();
  await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(0);
}

/** The steps that the page says were done; 0 before it says so. */
export async function stepOf(page: Page): Promise<number> {
  const details = await page
    .getByTestId("details")
    .textContent({ timeout: 500 })
    .catch(() => "");
  return Number(/Step ([\d,]+)/.exec(details ?? "")?.[1]?.replaceAll(",", "") ?? 0);
}

/** A figure of the run; NaN before it is there. */
export async function figure(page: Page, name: "loss" | "held-out" | "speed"): Promise<number> {
  const text = await page
    .getByTestId(name)
    .textContent({ timeout: 500 })
    .catch(() => "");
  return Number(text?.replaceAll(",", "") || Number.NaN);
}

/** Stops the run and waits until its model is kept. */
export async function stopTraining(page: Page): Promise<void> {
  await goTo(page, "Train");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("Stopped; the model is kept").waitFor();
}

/** Pauses the run, loads the page anew and has it go on there; the step at which it was paused. */
export async function resumeAfterReload(page: Page, title = "Your text"): Promise<number> {
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused; saved in this browser").waitFor();
  const paused = await stepOf(page);
  await page.reload();
  await page.getByRole("button", { name: `Resume “${title}”` }).click();
  await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(paused);
  return paused;
}

/** Writes with the chosen model at temperature 0, which always gives the same text. */
export async function writeGreedily(page: Page, length = 60): Promise<string> {
  await goTo(page, "Play");
  await page.getByLabel("How it begins").fill("the c");
  await page.getByLabel("Temperature", { exact: true }).fill("0");
  await page.getByLabel("Length").fill(String(length));
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await page.getByText(`${length} characters written.`).waitFor();
  return (await page.getByTestId("written").textContent())!;
}

/** Milliseconds of processor time, not of the clock, that each task of the page's main thread took meanwhile. */
export async function tasksOf(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const events: { name: string; tdur?: number; pid: number; tid: number; args?: { name?: string } }[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as never as typeof events)));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"] },
  });
  await work();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  const mains = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(({ tdur, pid, tid }) => tdur !== undefined && mains.has(`${pid} ${tid}`));
  return tasks.map(({ tdur }) => tdur! / 1000);
}

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

interface Host {
  /** Sent with every file; by default none. */
  headers?: Record<string, string>;
  /** A script that the page runs before its own: what a browser gives less. */
  first?: string;
  /** Files beside those of the build, or in their place; they may change. */
  files?: Map<string, string | Uint8Array>;
  /** Milliseconds until one of those is sent. Default: 0. */
  filesAfter?: number;
  /** The folder of the host that it is in, with a `/` behind it. Default: all of it. */
  folder?: string;
  /** Whether there is no host at the moment. */
  isDown?: () => boolean;
  /** Is told each file that is sent, but for those that the browser has already. */
  onSent?: (name: string) => void;
}

/** The built app on a host of its own, so without a past, until the test ends. */
export async function serveApp(host: Host = {}): Promise<string> {
  const { headers = {}, first, files = new Map(), filesAfter = 0, folder = "", isDown, onSent } = host;
  const read = (name: string): string | Uint8Array | undefined => {
    if (first !== undefined && name === "first.js") return first;
    const file = join(root, "dist", name);
    const content = files.get(name) ?? (existsSync(file) ? readFileSync(file) : undefined);
    if (first === undefined || name !== "index.html") return content;
    return content?.toString().replace("</title>", '</title><script src="./first.js"></script>');
  };
  const server: Server = createServer((request, response) => {
    if (isDown?.()) {
      request.socket.destroy();
      return;
    }
    const { pathname } = new URL(request.url!, "http://localhost");
    const root = `/${folder}`;
    const name = pathname === root ? "index.html" : pathname.slice(root.length);
    const content = pathname.startsWith(root) ? read(name) : undefined;
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    // As hosts do it, so that a browser need not fetch again what it has.
    const tag = `"${createHash("sha256").update(content).digest("hex")}"`;
    const type = types[name.endsWith("/") ? ".html" : extname(name)] ?? "application/octet-stream";
    if (request.headers["if-none-match"] === tag) {
      response.writeHead(304, { ...headers, ETag: tag }).end();
      return;
    }
    onSent?.(name);
    const send = () => response.writeHead(200, { ...headers, "Content-Type": type, ETag: tag }).end(content);
    setTimeout(send, files.has(name) ? filesAfter : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${folder}`;
}

/** The built app on a host that sends no headers of its own. */
export const servePlain = (): Promise<string> => serveApp();
