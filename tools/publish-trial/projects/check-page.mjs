// `node check-page.mjs ADDRESS`: opens the page and waits for what it trained to appear in #result.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

// No sandbox: CI runs as root, and the page holds nothing but our own program.
const browser = await chromium.launch({ executablePath: process.env.CHARLSTM_CHROMIUM, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(process.argv[2]);
  const result = page.locator("#result:not(:empty)");
  await result.waitFor({ timeout: 30_000 }).catch((error) => faults.push(error.message));
  assert.deepEqual(faults, []);
  const { losses, written, threads } = JSON.parse(await result.textContent());
  assert.ok(losses.at(-1) < losses[0], `it learns: ${losses}`);
  assert.equal([...written].length, 40);
  console.log(losses, written, threads);
} finally {
  await browser.close();
}
