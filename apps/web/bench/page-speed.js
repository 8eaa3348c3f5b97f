// How many characters a second does a run train on in the page, and how many in Node, as the command line trains? The preset
// `quick` on the bundled novel, by turns, after a build: `node bench/page-speed.js`. Also: how soon the page can be used.
import { cpus } from "node:os";
import { readNovel } from "@charlstm/novel";
import { createEngineBackend, presets, train } from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";
import { chromium } from "playwright-core";
import { median, servePage } from "./browsers.js";

const rounds = 3;
const seconds = 8;
const executablePath = process.env.CHARLSTM_CHROMIUM ?? "/usr/bin/chromium";
const server = await servePage();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

const text = readNovel();
const vocabulary = createVocabulary(text);
const ids = encode(text, vocabulary);

const page = { characters: [], ready: [], first: [] };
const node = [];
for (let round = 0; round < rounds; round++) {
  await inPage();
  node.push(await inNode());
}
await browser.close();
await server.close();

const [inThePage, inNodeItself] = [median(page.characters), median(node)];
console.log(`node ${process.version}, Chromium ${browser.version()}, ${cpus()[0].model} x ${cpus().length}`);
console.log(
  `characters a second, median of ${rounds}: page ${inThePage}, Node ${inNodeItself}, ratio ${(inThePage / inNodeItself).toFixed(2)}`,
);
console.log(
  `from opening the page to a Start button that works: ${median(page.ready)} ms; to the first trained step after the click: ${median(page.first)} ms`,
);

/** Wall clock, samples and saves included. */
async function inPage() {
  const context = await browser.newContext();
  const tab = await context.newPage();
  const opened = performance.now();
  await tab.goto(server.address);
  await tab.locator("button.primary:not(:disabled)").waitFor();
  page.ready.push(Math.round(performance.now() - opened));
  await tab.getByRole("radio", { name: "Quick" }).check();
  const clicked = performance.now();
  await tab.getByRole("button", { name: "Start learning" }).click();
  await tab.getByText(/Step [1-9]/).waitFor();
  page.first.push(Math.round(performance.now() - clicked));
  await tab.waitForTimeout(2000);
  const [from, start] = [await stepOf(tab), performance.now()];
  await tab.waitForTimeout(seconds * 1000);
  const { batch, window } = presets.quick;
  page.characters.push(perSecond((await stepOf(tab)) - from, batch * window, start));
  await context.close();
}

async function stepOf(tab) {
  return Number(/Step ([\d,]+)/.exec(await tab.getByTestId("details").textContent())[1].replaceAll(",", ""));
}

async function inNode() {
  const settings = presets.quick;
  const { window, units, dropout, objective, optimizer, clipNorm, batch, seed } = settings;
  const architecture = { vocabularySize: vocabulary.size, window, units, dropout };
  const backend = await createEngineBackend({ architecture, objective, optimizer, clipNorm, rows: batch, seed });
  let from;
  let start;
  try {
    const begun = performance.now();
    for await (const event of train(backend, { ids, vocabulary }, { settings })) {
      if (event.type !== "step-end") continue;
      const now = performance.now();
      if (from === undefined && now - begun > 2000) [from, start] = [event.step, now];
      if (start !== undefined && now - start > seconds * 1000)
        return perSecond(event.step - from, batch * window, start);
    }
  } finally {
    await backend.dispose();
  }
  throw new Error("the run ended before it was measured");
}

function perSecond(steps, characters, start) {
  return Math.round((steps * characters * 1000) / (performance.now() - start));
}
