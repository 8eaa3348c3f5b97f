// How low does the held-out loss of each text that the page offers get, with the preset that it comes with, fitted as the page fits it?
// `node bench/text-losses.js [text …]`, after a build.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { cleanText } from "@charlstm/corpus";
import { batchSource, createEngineBackend, train } from "@charlstm/training";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const server = await createServer({ root, logLevel: "error", server: { middlewareMode: true } });
const { bundledTexts } = await server.ssrLoadModule("/src/logic/bundled-texts.ts");
const { changeSettings, fitChoices, webPresets } = await server.ssrLoadModule("/src/logic/settings.ts");
const { prepareText } = await server.ssrLoadModule("/src/worker/prepared-text.ts");
const { inItems, split } = await server.ssrLoadModule("/src/worker/items.ts");
await server.close();

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(bundledTexts);
for (const name of names) {
  const given = gunzipSync(readFileSync(new URL(`../dist/texts/${name}.bin`, import.meta.url))).toString();
  const { text } = cleanText(given, { recipe: "gutenberg" });
  const { preset, items } = bundledTexts[name];
  const prepared = inItems(prepareText(text, {}), items);
  const { ids, vocabulary } = prepared;
  const chosen = changeSettings({ preset, settings: webPresets[preset].settings, threads: 0 }, { items });
  const { settings } = fitChoices(chosen, ids);
  const parts = split(prepared, settings.heldOut, items);
  const { units, dropout, window, objective, optimizer, clipNorm, seed, epochs } = settings;
  const { rows } = batchSource(parts.train, settings);
  const backend = await createEngineBackend({
    architecture: { vocabularySize: vocabulary.size, window, units, dropout },
    ...{ objective, optimizer, clipNorm, seed, rows },
  });
  const started = performance.now();
  let lowest = Number.POSITIVE_INFINITY;
  for await (const event of train(backend, { ids: parts.train, heldOut: parts.heldOut, vocabulary }, { settings })) {
    if (event.type === "epoch-end") lowest = Math.min(lowest, event.heldOutLoss);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${name}: ${ids.length} characters, ${vocabulary.size} different, ${preset}: ${units} units, ${epochs} epochs, ` +
      `held-out loss ${lowest.toFixed(3)} nats, ${seconds.toFixed(0)} s`,
  );
  await backend.dispose();
}
