// What does the engine cost before it works: time to be ready, memory, download?
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { gzipSync } from "node:zlib";

const start = performance.now();
const { createEngine } = await import("@charlstm/engine");
const imported = performance.now();
const engine = await createEngine({ vocabularySize: 59, units: [128], rows: 128, length: 60 });
const ready = performance.now();
const stream = await createEngine({ vocabularySize: 59, units: [128], purpose: "streams" });
stream.openStream().step([1]);
const streamReady = performance.now();

const batch = { inputs: new Uint8Array(128 * 60), targets: new Uint8Array(128), rows: 128, length: 60 };
for (let step = 0; step < 20; step++) await engine.trainBatch(batch, 0.01);
const { maxRSS } = process.resourceUsage();

const folder = path.dirname(createRequire(import.meta.url).resolve("@charlstm/engine"));
const { printEnvironment } = await import("./support.mjs");
printEnvironment();
console.log(
  `import ${(imported - start).toFixed(1)} ms, notebook engine with ${engine.threads} threads ready in ${(ready - imported).toFixed(1)} ms`,
);
console.log(`engine for streams and its first logits ${(streamReady - ready).toFixed(1)} ms`);
console.log(
  `WebAssembly memory ${(engine.bytes / 1e6).toFixed(1)} MB, the whole process at most ${(maxRSS / 1e3).toFixed(0)} MB`,
);
const files = readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "benchmark.js");
const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(folder, name))).length, 0);
console.log(`${files.join(" + ")}: ${(bytes / 1e3).toFixed(1)} kB gzipped`);
await engine.dispose();
await stream.dispose();
