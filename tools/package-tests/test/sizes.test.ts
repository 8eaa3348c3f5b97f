// What a page downloads, minified by esbuild and gzipped; a kB is 1,000 bytes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, inject, test } from "vitest";
import { bundle } from "../src/bundle.js";
import { root } from "../src/workspace.js";

const limits = [
  { what: "sample alone", program: 'export { sample } from "@charlstm/sampling"', kB: 1.2 },
  { what: "all of sampling", program: 'export * from "@charlstm/sampling"', kB: 8 },
  { what: "all of vectorize", program: 'export * from "@charlstm/vectorize"', kB: 6 },
  // The rules of cleaning and the tables of three DOS code pages are most of it.
  { what: "all of corpus", program: 'export * from "@charlstm/corpus"', kB: 27 },
  { what: "the engine with its WebAssembly", program: 'export { createEngine } from "@charlstm/engine"', kB: 60 },
  {
    what: "training on the engine",
    program: 'export { createEngineBackend, generate, train } from "@charlstm/training"',
    kB: 70,
  },
];

test.each(limits)("$what is below $kB kB", async ({ program, kB }) => {
  const size = gzipSync(await bundle(program, inject("project"), { minify: true })).length;
  expect(size).toBeGreaterThan(300);
  expect(size).toBeLessThan(kB * 1000);
});

test("the page that trains is below 150 kB before its novel, but for the code that reads and writes model files", () => {
  const folder = join(root, "apps", "web", "dist");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(js|css|html)$/.test(name))
    .map((name) => readFileSync(join(folder, name)));
  // @charlstm/formats is a file of its own, fetched when a model is imported or exported.
  const readsModels = files.filter((content) => /["'`]FormatError["'`]/.test(content.toString()));
  expect(readsModels).toHaveLength(1);
  const size = files.reduce((sum, content) => sum + (readsModels.includes(content) ? 0 : gzipSync(content).length), 0);
  expect(size).toBeGreaterThan(50_000);
  expect(size).toBeLessThan(150_000);
});
