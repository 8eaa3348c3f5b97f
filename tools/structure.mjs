// Imports go in one direction: within each package no file reaches itself, and in the apps no folder does. Ends with 1 where one does.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";

const files = execFileSync("git", ["ls-files", "*.ts", "*.tsx", "*.js", "*.mjs"], { encoding: "utf8" })
  .trim()
  .split("\n");
const known = new Set(files);

/** What a file imports by a relative path, for its types or its values. */
function importsOf(file) {
  const code = readFileSync(file, "utf8").replace(/^ *(?:\*|\/\/).*$/gm, "");
  const found = code.matchAll(/(?:from|import)\s*\(?\s*"(\.\.?\/[^"]+)"/g);
  const paths = [...found].map(([, path]) => normalize(join(dirname(file), path)));
  return paths.flatMap((path) =>
    [path, path.replace(/\.js$/, ".ts"), path.replace(/\.js$/, ".tsx")].filter((each) => known.has(each)),
  );
}

/** A way from a place back to itself. */
function circleIn(graph) {
  const done = new Set();
  function walk(place, way) {
    if (way.includes(place)) return [...way.slice(way.indexOf(place)), place];
    if (done.has(place)) return undefined;
    for (const next of graph.get(place) ?? []) {
      const circle = walk(next, [...way, place]);
      if (circle) return circle;
    }
    done.add(place);
    return undefined;
  }
  for (const place of graph.keys()) {
    const circle = walk(place, []);
    if (circle) return circle;
  }
  return undefined;
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));
const folders = new Map();
for (const [file, others] of imports) {
  const folder = /^apps\/\w+\/src\/\w+(?=\/)/.exec(file)?.[0];
  if (!folder || file.includes(".test.")) continue;
  const above = others.flatMap((other) => /^apps\/\w+\/src\/\w+(?=\/)/.exec(other)?.[0] ?? []);
  folders.set(folder, new Set([...(folders.get(folder) ?? []), ...above.filter((other) => other !== folder)]));
}
for (const circle of [circleIn(imports), circleIn(folders)]) {
  if (!circle) continue;
  console.error(`Imports in a circle: ${circle.join(" → ")}`);
  process.exitCode = 1;
}
