// The folder that a build leaves, on a host.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeKerasH5 } from "@charlstm/formats";
import { initialWeights } from "@charlstm/model/checkpoint";
import { createVocabulary } from "@charlstm/vectorize";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, easyText, goTo, openApp, serveApp, startTraining, writeGreedily } from "./browser.js";

const built = (name: string) => readFileSync(fileURLToPath(new URL(`../dist/${name}`, import.meta.url)), "utf8");

/** What a host sends that obeys a file of headers, as Netlify and Cloudflare read it. */
function headersOf(file: string): Record<string, string> {
  const [pattern, ...lines] = file.trim().split("\n");
  expect(pattern).toBe("/*");
  return Object.fromEntries(lines.map((line) => /^ {2}([\w-]+): (.+)$/.exec(line)!.slice(1) as [string, string]));
}

describeInBrowser("a host", () => {
  test("that obeys the file of headers gives the page its threads, and nginx is told the same", async () => {
    const headers = headersOf(built("_headers"));
    const page = await openApp({ at: await serveApp({ headers }), serviceWorkers: "block" });
    await startTraining(page);
    await expect(page.getByTestId("details").textContent()).resolves.toMatch(/[2-8] threads/);
    const directives = Object.entries(headers).map(([name, value]) => `add_header ${name} "${value}" always;\n`);
    expect(built("nginx.conf")).toBe(directives.join(""));
    for (const name of Object.keys(headers)) expect(headers[name]).not.toMatch(/["$\\]/);
  });

  test("sends nothing twice, and what reads and writes model files only once it is asked for", async () => {
    const sent: string[] = [];
    const headers = headersOf(built("_headers"));
    const page = await openApp({ at: await serveApp({ headers, onSent: (name) => sent.push(name) }) });
    await kept(page);
    await page.reload();
    await page.getByText("It will read").waitFor();
    // The page itself has two addresses: the folder's, and its own, under which it is kept.
    const twice = sent.filter((name, place) => name !== "index.html" && sent.indexOf(name) !== place);
    expect(twice).toEqual([]);
    expect(sent.filter((name) => /formats|(ex|im)port-model|fetch-model/.test(name))).toEqual([]);
    expect(sent).toContain("index.html");
  });

  test("that has a newer page has the open one say so", async () => {
    const files = new Map([["service-worker.js", built("service-worker.js")]]);
    const headers = headersOf(built("_headers"));
    const page = await openApp({ at: await serveApp({ headers, files }) });
    await kept(page);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    files.set("service-worker.js", built("service-worker.js").replace(/\b[0-9a-f]{16}\b/, "0123456789abcdef"));
    await page.reload();
    await page.getByText("A new version of this page is here").waitFor({ timeout: 30_000 });
  });

  test("may have a model that a link names: it is opened once, and what is none is refused in words", async () => {
    const vocabulary = createVocabulary(easyText).characters;
    const architecture = { vocabularySize: vocabulary.length, window: 40, units: [8], dropout: 0 };
    const model = writeKerasH5({ architecture, weights: initialWeights(architecture, { seed: 1 }), vocabulary });
    const files = new Map<string, string | Uint8Array>([["models/Small.h5", model]]);
    // So late that the page would have loaded again meanwhile, to get its threads, or its tab been left for another.
    files.set("service-worker.js", built("service-worker.js"));
    const at = await serveApp({ files, filesAfter: 1500 });
    const page = await openApp({ at: `${at}#tab=keep&model=models/Small.h5`, ready: "is here: open it under Play" });
    expect(page.url()).toBe(`${at}#tab=keep`);
    await page.reload();
    await expect.poll(() => page.getByLabel("Name of the model").count()).toBe(1);
    expect(await writeGreedily(page, 20)).toHaveLength(25);
    const name = (address: string) =>
      page.evaluate((hash) => {
        location.hash = hash;
      }, `model=${address}`);
    const error = page.locator(".notice.error");
    await name("index.html");
    await error.getByText("ends in .charlstm, .h5, .keras, .safetensors or .zip is needed").waitFor();
    await name("models/none.h5");
    await error.getByText("its host answers 404").waitFor();
    // Another host is asked only when the visitor agrees; openApp fails on a request that was made.
    const asked = page.waitForEvent("dialog");
    void name("https://models.test/Small.h5").catch(() => {});
    const dialog = await asked;
    expect(dialog.message()).toContain("This link names a model at models.test.");
    await dialog.dismiss();
    await goTo(page, "Keep");
    expect(await page.getByLabel("Name of the model").count()).toBe(1);
    const hasty = await openApp({ at: `${at}#model=models/Small.h5` });
    await goTo(hasty, "Keep");
    await hasty.getByText("is here: open it under Play").waitFor();
  });
});

test("a build has no file that only a server would read but those", () => {
  expect(existsSync(fileURLToPath(new URL("../dist/nginx.conf", import.meta.url)))).toBe(true);
  expect(built("service-worker.js")).not.toContain("nginx.conf");
});

/** Waits until the service worker has kept the page. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== "activated") await new Promise((resolve) => active?.addEventListener("statechange", resolve));
  });
}
