// How much faster does the page train than plain TensorFlow.js in the same browser? The reference's model and update (128 windows of 60
// characters, 128 units, RMSprop): the page with the preset `notebook`, against `model.fit` of tfjs-layers as the tfjs-examples text generator
// calls it, on every backend that this Chromium offers, one after the other, after a build: `node bench/page-tfjs.js [backend …]`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { readNovel } from "@charlstm/novel";
import { presets } from "@charlstm/training";
import { createVocabulary } from "@charlstm/vectorize";
import { chromium } from "playwright-core";
import { build } from "vite";
import { median, root, servePage } from "./browsers.js";

const rounds = 3;
const backends = process.argv.length > 2 ? process.argv.slice(2) : ["wasm", "cpu", "webgl"];
/** Seconds that a backend may take for all of its steps. */
const patience = 100;
const { batch, window, units } = presets.notebook;
const executablePath = process.env.CHARLSTM_CHROMIUM ?? "/usr/bin/chromium";
const site = "https://tfjs.example/"; // never asked: everything there is answered from here
const novel = readNovel();

const server = await servePage();
// Without a graphics card WebGL runs in software, if it is asked to.
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--enable-unsafe-swiftshader"] });
console.log(`Chromium ${browser.version()}, ${cpus()[0].model} x ${cpus().length}`);

const page = [];
for (let round = 0; round < rounds; round++) page.push(await secondsInPage());
const ours = median(page);
console.log(`the page      ${ours.toFixed(3)} s a step, ${Math.round((batch * window) / ours)} characters a second`);

const shape = { batch, window, units: units[0], vocabulary: createVocabulary(novel).size };
for (const backend of backends) console.log(`tfjs-${backend}`.padEnd(13), await comparison(backend));
await browser.close();
await server.close();

/** Wall clock of one update in the page, samples and saves included. */
async function secondsInPage() {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(server.address);
  await tab.locator("button.primary:not(:disabled)").waitFor();
  await tab.getByRole("radio", { name: "Notebook" }).last().check(); // the first one is the recipe
  await tab.getByRole("button", { name: "Start learning" }).click();
  await tab.getByText(/Step [1-9]/).waitFor({ timeout: 60_000 });
  await tab.waitForTimeout(2000);
  const [from, start] = [await stepOf(tab), performance.now()];
  await tab.waitForTimeout(8000);
  const seconds = (performance.now() - start) / 1000 / ((await stepOf(tab)) - from);
  await context.close();
  return seconds;
}

async function stepOf(tab) {
  return Number(/Step ([\d,]+)/.exec(await tab.getByTestId("details").textContent())[1].replaceAll(",", ""));
}

/** What a backend takes for a step, beside ours. */
async function comparison(backend) {
  const tab = await openTfjs();
  const tooLong = { reason: `no three steps within ${patience} s` };
  const { seconds, reason } = await Promise.race([
    tab.evaluate((options) => globalThis.fitSteps(options), { ...shape, backend }).catch(() => tooLong),
    new Promise((resolve) => setTimeout(resolve, 1000 * patience, tooLong)),
  ]);
  void tab.close();
  if (seconds === undefined) return `cannot be told: ${reason}`;
  const theirs = median(seconds);
  return `${theirs.toFixed(3)} s a step, the page is ${(theirs / ours).toFixed(1)} times as fast`;
}

/** A page with nothing but TensorFlow.js. */
async function openTfjs() {
  const [output] = await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      lib: { entry: join(root, "bench/fit-steps.js"), formats: ["es"], fileName: "fit" },
    },
  });
  const binaries = dirname(
    createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.js"),
  );
  const page = await browser.newPage();
  await page.route(`${site}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name.endsWith(".wasm")) {
      return route.fulfill({ contentType: "application/wasm", body: readFileSync(join(binaries, name)) });
    }
    if (name === "fit.js") return route.fulfill({ contentType: "text/javascript", body: output.output[0].code });
    return route.fulfill({ contentType: "text/html", body: '<script type="module" src="fit.js"></script>' });
  });
  page.setDefaultTimeout(0);
  await page.goto(site);
  await page.waitForFunction(() => globalThis.fitSteps !== undefined);
  return page;
}
