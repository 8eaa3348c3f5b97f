import { violations } from "@charlstm/testing/browser";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, goTo, openApp, startTraining, stepOf, stopTraining, writeGreedily } from "./browser.js";

const tabs = ["Text", "Train", "Play", "Look inside", "Keep"];

describeInBrowser("the page is for everybody", () => {
  test("axe finds nothing serious in any part, light or dark, in the system's colours or the page's", async () => {
    // Without motion, so that no text is measured while it fades in.
    const page = await filled({ reducedMotion: "reduce" });
    for (const tab of tabs) {
      await goTo(page, tab);
      for (const forcedColors of ["none", "active"] as const)
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, forcedColors });
          expect([tab, colorScheme, forcedColors, await violations(page)]).toEqual([
            tab,
            colorScheme,
            forcedColors,
            [],
          ]);
        }
    }
  });

  test("nothing is wider than a screen of 360 or 320 pixels, and every tab is on it", async () => {
    const page = await filled();
    for (const screen of [360, 320]) {
      await page.setViewportSize({ width: screen, height: 780 });
      const hidden = await page.getByRole("tablist").evaluate((list) => list.scrollWidth - list.clientWidth);
      expect([screen, hidden]).toEqual([screen, 0]);
      for (const tab of tabs) {
        await goTo(page, tab);
        const { scroll, width } = await page.evaluate(() => ({
          scroll: document.documentElement.scrollWidth,
          width: document.documentElement.clientWidth,
        }));
        expect([screen, tab, scroll]).toEqual([screen, tab, width]);
      }
    }
  });

  test("a run starts, its text is written and its parts are reached with the keyboard alone", async () => {
    const page = await openApp();
    await tabTo(page, "Train");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => focused(page)).toBe("Play");
    await page.keyboard.press("ArrowLeft");
    await tabTo(page, "Start learning");
    await page.keyboard.press("Enter");
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(0);
    await tabTo(page, "Train");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, "Write");
    await page.keyboard.press("Enter");
    await page.getByText("400 characters written.").waitFor({ timeout: 20_000 });
  });

  test("who wants less motion gets none", async () => {
    const page = await openApp({ reducedMotion: "reduce" });
    await startTraining(page);
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
  });

  test("a number that can't be used is refused in words, and the field goes back to the one that counts", async () => {
    const page = await openApp();
    await page.getByText("All settings").click();
    const epochs = page.getByLabel("Epochs", { exact: true });
    const refusal = page.getByRole("alert");
    const type = async (text: string, then: string) => {
      await epochs.selectText();
      await page.keyboard.press("Delete");
      await page.keyboard.type(text);
      await page.keyboard.press(then);
    };
    for (const [number, then] of [
      ["100000", "Tab"],
      ["0", "Enter"],
      ["2.5", "Tab"],
    ] as const) {
      await type(number, then);
      await refusal
        .getByText(`${number} can’t be used: a whole number from 1 to 1,000 is needed. It is still 3.`)
        .waitFor();
      await expect(epochs.inputValue()).resolves.toBe("3");
      await expect(violations(page)).resolves.toEqual([]);
    }
    await type("12", "Tab");
    await expect.poll(() => refusal.count()).toBe(0);
    await type("", "Tab");
    await expect.poll(() => epochs.inputValue()).toBe("12");
    await expect(refusal.count()).resolves.toBe(0);
  });

  test("a link carries the settings, and one with nonsense in it is told", async () => {
    const page = await openApp();
    await page.getByRole("radio", { name: /Large/ }).check();
    await page.getByText("All settings").click();
    await page.getByLabel("Epochs", { exact: true }).fill("7");
    await page.getByRole("button", { name: "Copy link to settings" }).click();
    await expect.poll(() => page.url()).toContain("#");
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText("The settings of this link are chosen.").waitFor();
    await other.getByText("All settings (changed)").click();
    await expect.poll(() => other.getByLabel("Epochs", { exact: true }).inputValue()).toBe("7");
    await expect.poll(() => other.getByLabel("Units", { exact: true }).inputValue()).toBe("512");
    await other.goto(`${page.url().split("#")[0]}#epochs=%22many%22`);
    await other.reload();
    await other.getByText(/can’t be used/).waitFor();
  });
});

/** The app with something to see in each of its parts. */
async function filled(options?: Parameters<typeof openApp>[0]): Promise<Page> {
  const page = await openApp(options);
  await startTraining(page);
  await page.getByText(/Step [1-9]\d\d/).waitFor({ timeout: 40_000 });
  await stopTraining(page);
  await writeGreedily(page, 120);
  await page.getByTestId("written").getByRole("option").nth(5).click();
  await goTo(page, "Look inside");
  await page.getByRole("button", { name: "Read it" }).click();
  await page.getByTestId("map").waitFor();
  return page;
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  expect.fail(`the keyboard does not reach ${name}`);
}
