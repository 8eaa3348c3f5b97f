// Browsers that give a page less than others do, and addresses that say where it is to open.
import { expect, test } from "vitest";
import { appAddress, describeInBrowser, goTo, openApp, startTraining, stepOf } from "./browser.js";

const tabOf = (page: Awaited<ReturnType<typeof openApp>>) => page.getByRole("tab", { selected: true }).textContent();

describeInBrowser("where a browser gives less", () => {
  test("an isolated page without shared memory, as in WebKitGTK, trains on one thread", async () => {
    const page = await openApp({ serviceWorkers: "block" });
    await page.context().route(/worker-.*\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `delete globalThis.SharedArrayBuffer;\n${await response.text()}` });
    });
    await page.reload();
    await startTraining(page);
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(0);
    await expect(page.getByTestId("details").textContent()).resolves.toContain("1 thread");
  });

  test("a telephone that refuses to share so much memory trains all the same", async () => {
    const page = await openApp({ serviceWorkers: "block" });
    const refusing = `
      const { Memory } = WebAssembly;
      WebAssembly.Memory = function (wanted) {
        if (wanted.shared && wanted.maximum > 1) throw new RangeError("could not allocate memory");
        return new Memory(wanted);
      };`;
    await page.context().route(/worker-.*\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: refusing + (await response.text()) });
    });
    await page.reload();
    await startTraining(page);
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(0);
  });

  test("a worker that does not load is told of, with what to do", async () => {
    const page = await openApp({ serviceWorkers: "block" });
    await page.context().route(/worker-.*\.js$/, (route) => route.fulfill({ status: 404, body: "" }));
    await page.reload();
    await page.getByText("A part of this page could not be loaded").waitFor();
  });
});

describeInBrowser("the address", () => {
  test("names the tab: a link opens it, Back goes to the one before, and a reload stays", async () => {
    const page = await openApp();
    expect(await tabOf(page)).toBe("Train");
    await goTo(page, "Keep");
    await goTo(page, "Play");
    expect(page.url()).toBe(`${appAddress()}#tab=play`);
    await page.goBack();
    expect(await tabOf(page)).toBe("Keep");
    await page.goBack();
    expect(await tabOf(page)).toBe("Train");
    await page.goForward();
    await page.reload();
    await expect.poll(() => tabOf(page)).toBe("Keep");
  });

  test("takes settings in a page that is open already", async () => {
    const page = await openApp();
    await page.evaluate(() => {
      location.hash = "preset=first-words&threads=1";
    });
    await page.getByText("The settings of this link are chosen.").waitFor();
    expect(await tabOf(page)).toBe("Train");
  });

  test("has a title, a picture and a colour for those who show it elsewhere", async () => {
    const page = await openApp();
    const image = await page.locator('meta[property="og:image"]').getAttribute("content");
    const answer = await page.request.get(new URL(image!, appAddress()).href);
    expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, "image/png"]);
  });
});
