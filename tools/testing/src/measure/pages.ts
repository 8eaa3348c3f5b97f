import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CDPSession, Page } from "playwright-core";
import { rawCoverage } from "./folder.js";

interface Counts {
  result: { scriptId: string; url: string; functions: object[] }[];
}
type Ask = (method: string, params?: object) => Promise<unknown>;

/**
 * Counts what runs in a page and in its workers, from now on; a worker that ends before the page is not counted.
 *
 * @returns Ends counting and keeps the counts, in the form that Node gives them.
 */
export async function measurePage(page: Page, builtFile: (address: string) => string): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const threads: Ask[] = [(method, params) => session.send(method as "Profiler.enable", params as undefined)];
  await startCounting(threads[0]!);
  await attachToWorkers(session, threads);

  return async () => {
    const counts = await Promise.all(threads.map((ask) => ask("Profiler.takePreciseCoverage")));
    const result = (counts as (Counts | undefined)[])
      .flatMap((thread) => thread?.result ?? [])
      .filter(({ url }) => url !== "") // what a test runs in the page
      .map(({ url, ...script }) => ({ ...script, url: pathToFileURL(builtFile(url)).href }));
    mkdirSync(rawCoverage, { recursive: true });
    writeFileSync(join(rawCoverage, `${randomUUID()}.json`), JSON.stringify({ result }));
  };
}

async function startCounting(ask: Ask): Promise<void> {
  await ask("Profiler.enable");
  await ask("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
}

/** Workers have sessions of their own, in messages that the page's session carries. */
async function attachToWorkers(session: CDPSession, threads: Ask[]): Promise<void> {
  let asked = 0;
  const answers = new Map<string, (result: unknown) => void>();
  const askWorker =
    (sessionId: string): Ask =>
    (method, params = {}) =>
      new Promise((resolve) => {
        const id = ++asked;
        answers.set(`${sessionId} ${id}`, resolve);
        // Refused once the worker has ended.
        session
          .send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) })
          .catch(() => resolve(undefined));
      });

  session.on("Target.receivedMessageFromTarget", ({ sessionId, message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
    answers.get(`${sessionId} ${id}`)?.(result);
  });
  session.on("Target.detachedFromTarget", ({ sessionId }) => {
    for (const [key, answer] of answers) if (key.startsWith(sessionId)) answer(undefined);
  });
  session.on("Target.attachedToTarget", async ({ sessionId }) => {
    const ask = askWorker(sessionId);
    threads.push(ask);
    await startCounting(ask);
    await ask("Runtime.runIfWaitingForDebugger");
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
}
