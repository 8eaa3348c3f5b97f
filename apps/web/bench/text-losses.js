// How low does the held-out loss of each text that the page offers get, with the preset that it comes with, fitted as the page fits it?
// `node bench/text-losses.js [text …]`, after a build.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { cleanText } from "@charlstm/corpus";
import { createEngineBackend, splitText, train } from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const server = await createServer({ root, logLevel: "error", server: { middlewareMode: true } });
const { bundledTexts } = await server.ssrLoadModule("/src/logic/bundled-texts.ts");
const { fitChoices, webPresets } = await server.ssrLoadModule("/src/logic/settings.ts");
await server.close();

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(bundledTexts);
for (const name of names) {
  const given = gunzipSync(readFileSync(new URL(`../dist/texts/${name}.bin`, import.meta.url))).toString();
  const { text } = cleanText(given, { recipe: "gutenberg" });
  const vocabulary = createVocabulary(text);
  const ids = encode(text, vocabulary);
  const { preset } = bundledTexts[name];
  const { settings } = fitChoices({ preset, settings: webPresets[preset].settings, threads: 0 }, ids.length);
  const parts = splitText(ids, settings.heldOut);
  const { units, dropout, window, objective, optimizer, clipNorm, seed, batch, epochs } = settings;
  const backend = await createEngineBackend({
    architecture: { vocabularySize: vocabulary.size, window, units, dropout },
    ...{ objective, optimizer, clipNorm, seed, rows: batch },
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
