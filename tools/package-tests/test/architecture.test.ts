import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../src/workspace.js";

test("the architecture's picture has just the dependencies that the packages have", () => {
  const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} --> ${to}`);
  const real = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => ({ name, manifest: join(root, parent, name, "package.json") }))
      .filter(({ manifest }) => existsSync(manifest))
      .flatMap(({ name, manifest }) => {
        const { dependencies = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { dependencies?: object };
        const siblings = Object.keys(dependencies).filter((dependency) => dependency.startsWith("@charlstm/"));
        return siblings.map((dependency) => `${name} --> ${dependency.slice("@charlstm/".length)}`);
      }),
  );
  expect(drawn.sort()).toEqual(real.sort());
});
