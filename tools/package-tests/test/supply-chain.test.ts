// What the workflows run and what published files carry is fixed, and named where audits look.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../src/workspace.js";

const workflows = join(root, ".github", "workflows");

test.each(readdirSync(workflows))("%s pins each action to a commit, and begins with no right to write", (name) => {
  const text = readFileSync(join(workflows, name), "utf8");
  const uses = [...text.matchAll(/\buses: *(.*)$/gm)].map(([, action]) => action!);
  expect(uses.length).toBeGreaterThan(0);
  for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  expect(text).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/);
});

test("what the command line's files carry is named where audits, licence checks and the SBOM look", () => {
  const dist = join(root, "apps", "cli", "dist");
  const carried = readdirSync(dist)
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => [
      ...readFileSync(join(dist, name), "utf8").matchAll(/^\/\/ .*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm),
    ])
    .map(([, name]) => name!);
  const { dependencies } = JSON.parse(readFileSync(join(root, "tools", "bundled", "package.json"), "utf8"));
  const cli = JSON.parse(readFileSync(join(root, "apps", "cli", "package.json"), "utf8"));
  const named = new Set([...Object.keys(dependencies), ...Object.keys(cli.dependencies)]);
  expect(new Set(carried)).toContain("d3-array");
  expect([...new Set(carried)].filter((name) => !named.has(name))).toEqual([]);
});

test("pnpm is pinned by its hash", () => {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+\+sha512\.[0-9a-f]{128}$/);
});
