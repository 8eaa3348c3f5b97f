// The runs that this browser keeps, side by side.
import { violations } from "@charlstm/testing/browser";
import { expect, test } from "vitest";
import { describeInBrowser, figure, goTo, openApp, startTraining, stepOf, stopTraining } from "./browser.js";

describeInBrowser("runs compared", () => {
  test("what differs between two stands out, with what came of each; a name given there holds, and one is deleted there", async () => {
    const page = await openApp();
    await startTraining(page);
    await expect.poll(() => figure(page, "held-out"), { timeout: 20_000 }).toBeGreaterThan(0);
    await stopTraining(page);
    await page.getByText(/^All settings/).click();
    await page.getByLabel("Dropout").fill("0.3");
    await page.getByText(/^All settings/).click();
    await page.getByRole("button", { name: "Start a new run" }).click();
    await expect.poll(() => figure(page, "held-out"), { timeout: 20_000 }).toBeGreaterThan(0);
    await stopTraining(page);
    await goTo(page, "Keep");
    const table = page.getByTestId("runs");
    const differs = table.locator("tr.differs");
    await expect.poll(() => differs.allTextContents()).toEqual(["Dropout0.30"]);
    for (const row of ["Held-out loss, nats", "Time", "Characters a second", "It wrote"]) {
      const values = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: row }) });
      expect([
        row,
        (await values.getByRole("cell").allTextContents()).filter((value) => /\w/.test(value)).length,
      ]).toEqual([row, 2]);
    }
    await page.getByLabel("Also what is the same").check();
    await table.getByRole("rowheader", { name: "Learning rate" }).waitFor();
    await page.getByRole("img", { name: /^Losses over the steps, in nats/ }).waitFor();
    await page.getByLabel("Name of the run").first().fill("With dropout");
    await page.keyboard.press("Enter");
    await page.getByText("It is called “With dropout” now.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Run Your text: delete" }).click();
    await table.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("“Your text” is deleted.").waitFor();
    await expect.poll(() => table.getByRole("columnheader").count()).toBe(1);
    await expect(page.getByLabel("Name of the model").inputValue()).resolves.toBe("With dropout");
  });

  test("a run is taken out of the comparison, and the page is no wider than a telephone's screen", async () => {
    const page = await openApp({ viewport: { width: 320, height: 640 } });
    for (const time of ["first", "second"]) {
      if (time === "first") await startTraining(page);
      else await page.getByRole("button", { name: "Start a new run" }).click();
      await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(0);
      await stopTraining(page);
    }
    await goTo(page, "Keep");
    const columns = page.getByTestId("runs").getByRole("columnheader");
    await expect.poll(() => columns.count()).toBe(2);
    const { scroll, width } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
    }));
    expect(scroll).toBe(width);
    await page.getByText("These runs have the same text and the same settings.").waitFor();
    await page.getByRole("checkbox", { name: "Your text" }).first().uncheck();
    await expect.poll(() => columns.count()).toBe(1);
  });
});
