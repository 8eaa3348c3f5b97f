// The programs of examples/, run with the packed packages.
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { browserTest } from "../src/browser.js";
import { bundle } from "../src/bundle.js";
import { node, succeed } from "../src/command.js";
import { root } from "../src/workspace.js";

/** A copy of an example, in the project that has the packages. */
function copyOf(name: string): string {
  const folder = join(inject("project"), "examples", name);
  cpSync(join(root, "examples", name), folder, {
    recursive: true,
    filter: (path) => !/[\\/](?:node_modules|model|dist)$/.test(path),
  });
  return folder;
}

test("the Node example learns, saves its model, and writes openings of the club from it", async () => {
  const folder = copyOf("node");
  const { stdout } = await succeed(node(["write.js"], folder));
  expect(stdout).toMatch(/^epoch 1: \d/m);
  expect(stdout).toMatch(/^1\. (?:e4|d4|c4|Nf3|g3) /m);
  expect(existsSync(join(folder, "model", "weights.bin"))).toBe(true);
});

test("the sampling example writes a line at each temperature", async () => {
  const { stdout } = await succeed(node(["write.js"], copyOf("sampling")));
  expect(stdout.match(/^temperature [\d.]+: t.{59}$/gm)).toHaveLength(3);
});

browserTest("the page learns what is typed into it, in a worker, and writes from it", async ({ page }) => {
  const folder = copyOf("page");
  const worker = await bundle('import "./worker.js";', folder);
  await page.context().route("https://page.example/**", async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || "index.html";
    if (name === "worker.js") return route.fulfill({ body: worker, contentType: "text/javascript" });
    if (name === "index.html" || name === "main.js") return route.fulfill({ path: join(folder, name) });
    return route.fulfill({ status: 404 });
  });
  await page.goto("https://page.example/");
  await page.getByLabel("A text to learn").fill("the cat sat on the mat and the dog sat on the log. ".repeat(30));
  await page.getByRole("button", { name: "Learn" }).click();
  await page.getByText(/^Epoch 12: [\d.]+ nats a character\. Done\.$/).waitFor();
  expect(await page.locator("pre").textContent()).toHaveLength(400);
});
