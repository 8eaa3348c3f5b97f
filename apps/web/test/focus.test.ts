import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, goTo, openApp, startTraining, stopTraining, writeGreedily } from "./browser.js";

describeInBrowser("the keyboard's place", () => {
  test("passes from Start to Pause and back, and from a model that is deleted to what is beside it", async () => {
    const page = await openApp();
    await startTraining(page);
    await stopTraining(page);
    await press(page, "Start a new run");
    await expect.poll(() => focused(page)).toBe("Pause");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toMatch(/^Resume/);
    await goTo(page, "Keep");
    await page
      .getByRole("button", { name: /^Delete/ })
      .last()
      .focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("Keep");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText(/is deleted/).waitFor();
    await expect.poll(() => focused(page)).not.toBeUndefined();
    await press(page, "Close");
    await expect.poll(() => focused(page)).toBe("Name of the model");
  });

  test("stays lost for whoever points at the page itself", async () => {
    const page = await openApp();
    await page.getByText("Start learning").focus();
    await page.mouse.click(5, 5);
    await goTo(page, "Text");
    await page.mouse.click(5, 5);
    await goTo(page, "Train");
    await page.mouse.click(5, 5);
    expect(await focused(page)).toBeUndefined();
  });

  test("is in sight while the arrow keys go through a written text", async () => {
    const page = await openApp({ viewport: { width: 360, height: 640 } });
    await startTraining(page);
    await stopTraining(page);
    await writeGreedily(page, 2000);
    await page.getByTestId("written").focus();
    for (let presses = 0; presses < 120; presses++) await page.keyboard.press("ArrowDown");
    const chosen = page.locator("#place-1199");
    await expect(chosen.getAttribute("aria-selected")).resolves.toBe("true");
    const [text, place] = [(await page.getByTestId("written").boundingBox())!, (await chosen.boundingBox())!];
    expect(place.y).toBeGreaterThanOrEqual(Math.max(0, text.y) - 1);
    expect(place.y + place.height).toBeLessThanOrEqual(Math.min(640, text.y + text.height) + 1);
  });

  test("and what is chosen show where the system sets the colours", async () => {
    const page = await openApp({ forcedColors: "active" });
    const chosen = await page.getByRole("tab", { name: "Train" }).evaluate((tab) => {
      const probe = document.body.appendChild(document.createElement("p"));
      probe.style.cssText = "forced-color-adjust: none; background: Highlight";
      return { tab: getComputedStyle(tab).backgroundColor, highlight: getComputedStyle(probe).backgroundColor };
    });
    expect(chosen.tab).toBe(chosen.highlight);
  });
});

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name }).focus();
  await page.keyboard.press("Enter");
}

/** What has the focus; nothing where it has fallen to the page itself. */
const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const { activeElement, body } = document;
    if (!activeElement || activeElement === body) return undefined;
    return activeElement.textContent || activeElement.getAttribute("aria-label") || "";
  });
