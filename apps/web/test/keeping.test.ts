// What the page keeps, says of it, and asks before it is lost.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { appAddress, describeInBrowser, easyText, goTo, openApp, paste, startTraining, stepOf } from "./browser.js";

describeInBrowser("nothing is lost without a word", () => {
  test("a model that has no room is listed, another run asks before it takes its place, and the error goes when there is room", async () => {
    const page = await openApp();
    const give = await quotaOf(page);
    await give(1000);
    await startTraining(page);
    await page
      .locator(".notice.error")
      .getByText(/storage is full/)
      .waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped; the model is not saved").waitFor();
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.message());
      void (asked.length === 1 ? dialog.dismiss() : dialog.accept());
    });
    const start = page.getByRole("button", { name: "Start a new run" });
    await start.click();
    await page.getByText("Stopped; the model is not saved").waitFor();
    await give(1e9);
    await start.click();
    await page.getByText("Learning from Your text").waitFor();
    expect(asked).toEqual(
      new Array(2).fill("The model of “Your text” is not saved and would be lost. Go on all the same?"),
    );
    await give(1000);
    await page
      .locator(".notice.error")
      .getByText(/storage is full/)
      .waitFor({ timeout: 30_000 });
    await give(1e9);
    await expect.poll(() => page.locator(".notice.error").count(), { timeout: 30_000 }).toBe(0);
  });

  test("a name that is being typed outlives a save, and one that was given stays", async () => {
    const page = await openApp();
    await startTraining(page);
    await goTo(page, "Keep");
    const name = page.getByLabel("Name of the model");
    await name.waitFor({ timeout: 30_000 });
    await name.fill("Half a na");
    const saved = async () => (await page.locator(".model").textContent())!;
    const before = await saved();
    await expect.poll(saved, { timeout: 30_000 }).not.toBe(before);
    expect(await name.inputValue()).toBe("Half a na");
    await name.press("Enter");
    await page.getByText("It is called “Half a na” now.").waitFor();
    const renamed = await saved();
    await expect.poll(saved, { timeout: 30_000 }).not.toBe(renamed);
    expect(await name.inputValue()).toBe("Half a na");
    await goTo(page, "Train");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume “Half a na”" }).waitFor();
  });

  test("the status names the text of the run, whatever is open and wherever the run began", async () => {
    const page = await openApp();
    await startTraining(page);
    await goTo(page, "Text");
    await page.getByRole("button", { name: /^Moby-Dick/ }).click();
    await page.getByRole("heading", { name: "Moby-Dick" }).waitFor();
    await goTo(page, "Train");
    await page.getByText("Learning from Your text").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: /^Resume/ }).click();
    await page.getByText("Learning from Your text").waitFor();
  });

  test("a paste survives a change of tab and a reload, which in the middle of a run is asked about", async () => {
    const page = await openApp();
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await startTraining(page);
    const step = await keptStep(page);
    await page.reload();
    expect(asked).toEqual(["beforeunload"]);
    await page.getByRole("heading", { name: "Your text" }).nth(1).waitFor();
    expect(await page.getByLabel("Or paste").inputValue()).toBe(easyText.repeat(10));
    await goTo(page, "Train");
    await page
      .getByText(/^Ready; “Your text” was left in the middle: what is kept of it ends at step [\d,]+ of/)
      .waitFor();
    await page.getByText("It will read Your text").waitFor();
    await page.getByRole("button", { name: "Resume “Your text”" }).click();
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(step);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused; saved in this browser").waitFor();
    await page.reload();
    await page.getByText(/^Ready; “Your text” was paused at step/).waitFor();
    expect(asked).toEqual(["beforeunload"]);
  });

  test("a paste too long for the tab's memory is asked about before it is lost", async () => {
    const page = await openApp();
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    // A browser keeps five megabytes; to lay out so long a paste takes a minute.
    await page.evaluate(() => {
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = function (name, value) {
        if (value.length > 5000) throw new DOMException("", "QuotaExceededError");
        setItem.call(this, name, value);
      };
    });
    await paste(page, easyText);
    await page.reload();
    expect(asked).toEqual(["beforeunload"]);
    await page.getByRole("heading", { name: "Moby-Dick" }).waitFor();
  });

  test("two tabs never train one run: the other one says where it is, and takes it over when it is paused", async () => {
    const page = await openApp();
    await startTraining(page);
    await keptStep(page);
    const other = await page.context().newPage();
    await other.goto(appAddress());
    await other.getByText("It will read").waitFor();
    await expect(other.getByRole("button", { name: /^Resume/ }).count()).resolves.toBe(0);
    await goTo(other, "Keep");
    await other.getByText("in training in another tab").waitFor();
    await expect(other.getByRole("button", { name: /^(Resume|Delete)/ }).count()).resolves.toBe(0);

    await goTo(page, "Train");
    await goTo(other, "Train");
    await page.getByRole("button", { name: "Pause" }).click();
    const resume = "Resume “Your text”";
    await other.getByRole("button", { name: resume }).click();
    await other.getByText("Learning from").waitFor();
    await page.getByText("Paused; saved in this browser").waitFor();
    await expect.poll(() => page.getByRole("button", { name: resume }).count()).toBe(0);
  });
});

/** Waits until a model is kept and is back at Text; the step at which it was. */
async function keptStep(page: Page): Promise<number> {
  await goTo(page, "Keep");
  const row = page.getByText(/in training · .* step [\d,]+ of/);
  await row.waitFor({ timeout: 40_000 });
  const step = Number(/step ([\d,]+)/.exec((await row.textContent())!)![1]!.replaceAll(",", ""));
  await goTo(page, "Text");
  return step;
}

/** Sets how many bytes the browser allows the page. */
async function quotaOf(page: Page): Promise<(quotaSize: number) => Promise<unknown>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(appAddress());
  return (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
}
