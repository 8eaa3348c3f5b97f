// What a visitor meets who has nothing yet: a recorded run, texts to choose from, and where to go after a run.
import { violations } from "@charlstm/testing/browser";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { bundledTexts } from "../src/logic/bundled-texts.js";
import { appAddress, describeInBrowser, goTo, openApp, startTraining, stepOf } from "./browser.js";

describeInBrowser("a visitor", () => {
  test("sees in ten seconds what a run brings, or goes through it with the keyboard", async () => {
    const page = await openApp();
    await page.getByRole("button", { name: "Play it" }).click();
    const moment = page.getByRole("slider", { name: "Moment of the run" });
    await expect.poll(() => moment.getAttribute("aria-valuetext")).toBe("before training");
    const noise = await page.getByTestId("recorded").textContent();
    await expect.poll(() => moment.getAttribute("aria-valuetext"), { timeout: 15_000 }).toMatch(/^read 20 times/);
    await page.getByRole("button", { name: "Play it again" }).waitFor();
    await expect(page.getByTestId("recorded").textContent()).resolves.not.toBe(noise);
    await moment.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => page.getByTestId("recorded").textContent()).toBe(noise);
  });

  test("chooses one of the page's texts, which is fetched then, comes with its preset, and is found again by a run that goes on", async () => {
    const page = await openApp({ serviceWorkers: "block" });
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    await goTo(page, "Text");
    expect(fetched.filter((path) => path.startsWith("/texts/"))).toEqual([]);
    await page.getByRole("button", { name: /^Ballads/ }).click();
    await page.getByRole("heading", { name: "Ballads" }).waitFor();
    expect(fetched.filter((path) => path.startsWith("/texts/"))).toEqual(["/texts/verse.bin"]);
    await goTo(page, "Train");
    await page.getByText(`about ${bundledTexts.verse.heldOutLoss.toFixed(2)} nats`).waitFor();
    await expect(page.getByRole("radio", { name: "Quick" }).isChecked()).resolves.toBe(true);
    await page.getByRole("button", { name: "Start learning" }).click();
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused; saved in this browser").waitFor();
    await page.goto(appAddress());
    await page.getByRole("button", { name: "Resume “Ballads”" }).click();
    await page.getByText("Learning from Ballads").waitFor({ timeout: 20_000 });
  });

  test("goes from a run that was paused to playing with it and looking inside it", async () => {
    const page = await openApp();
    await startTraining(page);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Play with it" }).click();
    await expect(chosenModel(page)).resolves.toBe("The one just trained");
    await goTo(page, "Train");
    await page.getByRole("button", { name: "Look inside it" }).click();
    await expect(chosenModel(page)).resolves.toBe("The one just trained");
  });

  test("reads below the loss what its words mean, with the run's own figure", async () => {
    const page = await openApp();
    await startTraining(page);
    await page.getByText(/as unsure as between \d+\.\d equally likely characters/).waitFor();
    await page.getByText("which it never trains on").waitFor();
  });

  test("is led through the page in six steps by the keyboard, and leaves at any of them for where they were", async () => {
    const page = await openApp();
    await goTo(page, "Play");
    await page.getByRole("button", { name: "Take the tour" }).press("Enter");
    for (const step of [1, 2, 3]) {
      await page.getByText(`Step ${step} of 6`).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("ArrowRight");
    }
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("img", { name: /^A cell/ }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await expect.poll(() => selectedTab(page)).toBe("Play");
    await goTo(page, "Train");
    await page.getByRole("button", { name: "How it works, in six steps" }).click();
    for (let step = 1; step < 6; step++) await page.getByRole("button", { name: "Next" }).press("Enter");
    await page.getByRole("button", { name: "To the page" }).press("Enter");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");

    // The browser's Back leaves it at any step, and once more it goes where it would have gone without the tour.
    await page.getByRole("button", { name: "How it works, in six steps" }).click();
    for (let step = 1; step < 5; step++) await page.getByRole("button", { name: "Next" }).press("Enter");
    await page.goBack();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await expect.poll(() => selectedTab(page)).toBe("Train");
    await page.goBack();
    await expect.poll(() => selectedTab(page)).toBe("Play");
  });

  test("takes what was written along, by the clipboard of any age, and hands it on where the browser can", async () => {
    const page = await openApp({ permissions: ["clipboard-read", "clipboard-write"] });
    await goTo(page, "Play");
    await page.getByLabel("Length").fill("40");
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await page.getByText("40 characters written.").waitFor();
    const written = await page.getByTestId("written").textContent();
    const copy = page.getByRole("button", { name: "Copy the text" });
    await copy.press("Enter");
    await page.getByRole("status").getByText("The text is copied.").waitFor();
    await expect(page.evaluate(() => navigator.clipboard.readText())).resolves.toBe(written);
    await expect(page.getByRole("button", { name: "Share" }).count()).resolves.toBe(0);

    await page.getByRole("button", { name: "Close" }).click();
    await page.evaluate(async () => {
      await navigator.clipboard.writeText("");
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      Object.assign(navigator, {
        share: async ({ text }: ShareData) => document.body.setAttribute("data-shared", text!),
      });
    });
    await copy.press("Enter");
    await page.getByRole("status").getByText("The text is copied.").waitFor();
    await expect(copy.evaluate((button) => button === document.activeElement)).resolves.toBe(true);
    await page.getByLabel("How it begins").focus();
    await page.keyboard.press("ControlOrMeta+V");
    await expect.poll(() => page.getByLabel("How it begins").inputValue()).toBe(written);
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await page.getByText("40 characters written.").waitFor();
    await page.getByRole("button", { name: "Share" }).click();
    const shared = await page.locator("body").getAttribute("data-shared");
    expect(shared).toBe(await page.getByTestId("written").textContent());

    await page.evaluate(() => {
      document.execCommand = () => false;
      Object.assign(navigator, { share: () => Promise.reject(new DOMException("closed", "AbortError")) });
    });
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page.locator(".notice").count()).resolves.toBe(0);
    await copy.click();
    await page.locator(".notice.error").getByText("select the text and copy it by hand").waitFor();
  });

  test("follows one character through the network: a cell's gates, and what comes next before and after a temperature", async () => {
    const page = await openApp();
    await goTo(page, "Look inside");
    await page.getByRole("button", { name: "Read it" }).click();
    const drawn = (column: number) => page.getByTestId("likely").locator(`tbody td:nth-child(${column})`).first();
    await expect.poll(() => drawn(2).textContent(), { timeout: 20_000 }).toMatch(/\d %/);
    await page.getByLabel("Temperature of the draw").fill("1");
    await expect(drawn(3).textContent()).resolves.toBe(await drawn(2).textContent());
    await page.getByLabel("Temperature of the draw").fill("0.1");
    await expect.poll(() => drawn(3).textContent()).not.toBe(await drawn(2).textContent());
    const gates = await page.getByTestId("gates").textContent();
    await page.getByRole("slider", { name: "Which character" }).press("ArrowRight");
    await expect.poll(() => page.getByTestId("gates").textContent()).not.toBe(gates);
  });
});

const selectedTab = (page: Page) => page.getByRole("tab", { selected: true }).textContent();

const chosenModel = (page: Page): Promise<string> =>
  page.getByLabel("Model", { exact: true }).evaluate((select: HTMLSelectElement) => select.selectedOptions[0]!.text);
