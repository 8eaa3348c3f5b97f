// What a page downloads, minified by esbuild and gzipped; a kB is 1,000 bytes.
import { readFileSync } from "node:fs";
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

test("the page that trains is below 150 kB before its text, a model, or a part of it that nobody has opened", () => {
  const size = fetchedAtOnce("index.html").reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(dist, name))).length,
    0,
  );
  expect(size).toBeGreaterThan(50_000);
  expect(size).toBeLessThan(150_000);
});

const dist = join(root, "apps", "web", "dist");

/** A file of the page and what it names for loading at once: scripts, styles, workers; not what it imports when that is asked for. */
function fetchedAtOnce(name: string, found = new Set<string>()): string[] {
  if (found.has(name)) return [];
  found.add(name);
  const content = readFileSync(join(dist, name), "utf8");
  const named = name.endsWith(".html")
    ? [...content.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, path]) => path!)
    : [
        ...[...content.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)].map(([, path]) => `assets/${path}`),
        ...[...content.matchAll(/\bassets\/(worker-[\w-]+\.js)/g)].map(([, path]) => `assets/${path}`),
        ...[...content.matchAll(/["'`](?:\.\/)?(worker-[\w-]+\.js|service-worker\.js)["'`]/g)].map(([, path]) =>
          path === "service-worker.js" ? path : `assets/${path}`,
        ),
      ];
  for (const path of named) fetchedAtOnce(path, found);
  return [...found];
}
