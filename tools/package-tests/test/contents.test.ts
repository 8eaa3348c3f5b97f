// What a packed package holds and says, as its user installs it.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { publishedPackages } from "../src/workspace.js";

type Targets = { [name: string]: string | Targets };

type Manifest = {
  [field: string]: unknown;
  bin?: Targets;
  exports: Targets;
  repository: { directory: string };
  scripts?: Record<string, string>;
} & Partial<Record<(typeof dependencyFields)[number], Record<string, string>>>;

const dependencyFields = ["dependencies", "peerDependencies", "optionalDependencies"] as const;

describe.each(publishedPackages.map(({ name }) => name))("%s", (name) => {
  const folder = () => join(inject("project"), "node_modules", name);
  const files = () =>
    readdirSync(folder(), { recursive: true, encoding: "utf8" }).filter((file) =>
      statSync(join(folder(), file)).isFile(),
    );
  const read = (file: string) => JSON.parse(readFileSync(join(folder(), file), "utf8")) as never;
  const manifest = (): Manifest => read("package.json");

  test("has a licence, a README and no tests", () => {
    expect(files()).toEqual(expect.arrayContaining(["LICENSE", "README.md"]));
    expect(files().filter((file) => /\.test\.[jt]s$/.test(file))).toEqual([]);
  });

  test("says what it is and where it comes from", () => {
    const fields = ["description", "license", "keywords", "repository", "homepage", "bugs", "engines", "exports"];
    expect(fields.filter((field) => manifest()[field] === undefined)).toEqual([]);
    expect(manifest().repository.directory).toMatch(/^(packages|apps)\/\w+$/);
  });

  test("runs nothing when it is installed, and depends on nothing that only this workspace knows", () => {
    const { scripts = {}, ...rest } = manifest();
    expect(Object.keys(scripts).filter((script) => /^(pre|post)?install$|^prepare$/.test(script))).toEqual([]);
    const ranges = dependencyFields.flatMap((field) => Object.values(rest[field] ?? {}));
    expect(ranges.filter((range) => /^(workspace|catalog|link|file):/.test(range))).toEqual([]);
  });

  test("holds every file that it names", () => {
    const { exports, bin = {} } = manifest();
    const named = targets({ ...exports, ...bin });
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((target) => !existsSync(join(folder(), target)))).toEqual([]);
  });

  test("holds the sources that its source maps name", () => {
    const missing = files()
      .filter((file) => file.endsWith(".map"))
      .flatMap((file) => {
        const { sources, sourcesContent } = read(file) as { sources: string[]; sourcesContent?: (string | null)[] };
        const isThere = (source: string, at: number) =>
          typeof sourcesContent?.[at] === "string" || existsSync(join(folder(), dirname(file), source));
        return sources.filter((source, at) => !isThere(source, at)).map((source) => `${file}: ${source}`);
      });
    expect(missing).toEqual([]);
  });

  test("takes less than 2.7 MB on disk", () => {
    const size = files().reduce((sum, file) => sum + statSync(join(folder(), file)).size, 0);
    expect(size).toBeGreaterThan(500);
    expect(size).toBeLessThan(2_700_000);
  });
});

function targets(named: Targets): string[] {
  return Object.values(named).flatMap((target) => (typeof target === "string" ? [target] : targets(target)));
}
