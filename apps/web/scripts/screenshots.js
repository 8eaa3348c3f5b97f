// Takes the screenshots of the README, at three widths: `pnpm --filter web screenshots`, after a build.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { preview } from "vite";

const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));
const executablePath = process.env.CHARLSTM_CHROMIUM ?? "/usr/bin/chromium";
const widths = [360, 768, 1440];

mkdirSync(folder, { recursive: true });
const root = fileURLToPath(new URL("..", import.meta.url));
const server = await preview({ root, logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await (await browser.newContext({ colorScheme: "light" })).newPage();
  await page.goto(server.resolvedUrls.local[0]);
  await page.getByText("It will read").waitFor();
  await shoot(page, "welcome");
  await page.getByRole("button", { name: "Start learning" }).click();
  await page.waitForTimeout(Number(process.argv[2] ?? 12) * 1000);
  await shoot(page, "train");
  await page.getByRole("tab", { name: "Play" }).click();
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await page.getByText("400 characters written.").waitFor();
  await page.getByTestId("written").getByRole("option").nth(30).hover();
  await page.getByRole("button", { name: "Write four" }).click();
  await page.getByRole("button", { name: "Write", exact: true }).waitFor();
  await shoot(page, "play");
  await page.getByRole("tab", { name: "Look inside" }).click();
  await page.getByRole("button", { name: "Read it" }).click();
  await page.getByTestId("map").waitFor();
  await shoot(page, "inside");
  await page.getByRole("tab", { name: "Keep" }).click();
  await shoot(page, "keep");
  await page.getByRole("tab", { name: "Text" }).click();
  await shoot(page, "text");
} finally {
  await browser.close();
  await server.close();
}

/** One picture at each width, and a dark one at the largest. */
async function shoot(page, name) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 500 ? 780 : 900 });
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${folder}${name}-${width}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForTimeout(250);
  await page.screenshot({ path: `${folder}${name}-dark.png` });
  await page.emulateMedia({ colorScheme: "light" });
}
