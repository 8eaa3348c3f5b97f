import { describeInBrowser, violations } from "@charlstm/testing/browser";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { elements, openReport } from "./browser.js";

const plot = (page: Page) => page.getByRole("img", { name: /^Loss by epoch/ });
const legend = (page: Page) => page.locator(".legend").textContent();
const output = (page: Page) => page.getByRole("status").textContent();
const from = (page: Page) => page.getByLabel("Epochs: from").inputValue();

/** The page draws what changed on its next frame, or the one after. */
const soon = { timeout: 10_000 };

/** Drags over a part of the plot. */
async function drag(page: Page, start: number, end: number): Promise<void> {
  const box = (await plot(page).locator(".u-over").boundingBox())!;
  const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
  await page.mouse.move(...at(start));
  await page.mouse.down();
  await page.mouse.move(...at(end), { steps: 4 });
  await page.mouse.up();
}

/** How much of the plot's canvas has a colour of the style sheet, within a shade of it. */
function pixelsOf(page: Page, name: string): Promise<number> {
  return plot(page)
    .locator("canvas")
    .evaluate((canvas: HTMLCanvasElement, variable) => {
      const probe = document.createElement("i");
      probe.style.color = `var(${variable})`;
      document.body.append(probe);
      const wanted = getComputedStyle(probe).color.match(/\d+/g)!.map(Number);
      probe.remove();
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 255 && wanted.every((part, place) => Math.abs(data[at + place]! - part) < 4)) count++;
      }
      return count;
    }, name);
}

describeInBrowser("the page of one run", () => {
  test("says what came out, with the settings, the text and the baselines", async () => {
    const page = await openReport({ run: { epochs: 5 } });
    await expect
      .poll(() => page.locator(".tiles").textContent(), soon)
      .toMatch(/held-out loss1\.4800.*epoch 5.*epochs5/);
    const facts = (await page.locator(".facts").textContent())!;
    for (const each of ["clip norm5", "optimizeradam", "distinct characters59", "threads2"])
      expect(facts).toContain(each);
    await expect.poll(() => page.locator("main").textContent(), soon).toContain("gzip 2.1234");
    await page.getByText("The figures of every epoch").click();
    await expect.poll(() => page.getByRole("region", { name: "Epochs of run" }).getByRole("row").count(), soon).toBe(6);
  });

  test("draws both losses, in other units, on a log scale and over other axes", async () => {
    const page = await openReport({ run: { epochs: 5 } });
    for (const colour of ["--run-0", "--run-1"])
      await expect.poll(() => pixelsOf(page, colour), soon).toBeGreaterThan(50);
    await expect.poll(() => legend(page), soon).toBe("Epoch 5 held-out loss 1.4800 training loss 1.4000 gzip 2.1234");
    await page.getByLabel(/^In /).selectOption("bits");
    await expect.poll(() => legend(page), soon).toContain(`held-out loss ${(1.48 / Math.LN2).toFixed(4)}`);
    await page.getByLabel("Training loss").uncheck();
    await expect.poll(() => pixelsOf(page, "--run-1"), soon).toBe(0);
    const linear = await plot(page).locator("canvas").screenshot();
    await page.getByLabel("Log scale").check();
    await expect.poll(async () => (await plot(page).locator("canvas").screenshot()).equals(linear), soon).toBe(false);
    await page.getByLabel("Over").selectOption("step");
    await expect.poll(() => legend(page), soon).toContain("Step 500");
    await page.getByLabel("Over").selectOption("minutes");
    await expect.poll(() => legend(page), soon).toMatch(/Minute 0\.1667/);
  });

  test("counts epochs in whole numbers, also where there is one", async () => {
    const page = await openReport({ run: { epochs: 1 } });
    await page.evaluate(() => {
      const { prototype } = CanvasRenderingContext2D;
      const { fillText } = prototype;
      const drawn: { text: string; y: number }[] = [];
      Object.assign(window, { drawn });
      prototype.fillText = function (text, x, y) {
        if (this.canvas.closest("[aria-label^='Loss by epoch']")) drawn.push({ text, y });
        fillText.call(this, text, x, y);
      };
    });
    await page.getByLabel("Log scale").check();
    const lowest = () =>
      page.evaluate(() => {
        const { drawn } = window as unknown as { drawn: { text: string; y: number }[] };
        const bottom = Math.max(...drawn.map(({ y }) => y));
        return [...new Set(drawn.filter(({ y }) => y === bottom).map(({ text }) => text))];
      });
    await expect.poll(lowest, soon).toEqual(["1"]);
  });

  test("zooms by dragging, by typing, and back", async () => {
    const page = await openReport({ run: { epochs: 40 } });
    await drag(page, 0.5, 0.75);
    await expect.poll(async () => Number(await from(page)), soon).toBeCloseTo(20.5, 0);
    await plot(page).locator(".u-over").dblclick();
    await expect.poll(() => from(page), soon).toBe("1");
    await page.getByLabel("Epochs: from").fill("10");
    await page.getByLabel("Epochs: from").press("Enter");
    await page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => from(page), soon).toBe("1");
  });

  test("steps through the samples with buttons, keys, a slider and by itself", async () => {
    const page = await openReport({ run: { epochs: 6 } });
    await expect.poll(() => output(page), soon).toBe("Epoch 6 of 6");
    await page.getByRole("button", { name: "Epoch before" }).click();
    await expect.poll(() => output(page), soon).toBe("Epoch 5 of 6");
    await expect
      .poll(() => page.locator("article").nth(1).textContent(), soon)
      .toMatch(/^Temperature 0.5It is a truth 5 universally acknowledged at 0.5 after 5/);
    await expect.poll(() => page.locator("article").count(), soon).toBe(4);
    await page.locator("h1").click();
    await page.keyboard.press("Home");
    await expect.poll(() => output(page), soon).toBe("Epoch 1 of 6");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => output(page), soon).toBe("Epoch 2 of 6");
    await page.getByRole("slider", { name: "Epoch" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => output(page), soon).toBe("Epoch 3 of 6");
    await page.getByRole("button", { name: "Play" }).click();
    await expect.poll(() => output(page), { timeout: 20_000 }).toBe("Epoch 6 of 6");
    await page.getByRole("button", { name: "Play" }).waitFor();
  });

  test("a click on the plot opens the samples of that epoch", async () => {
    const page = await openReport({ run: { epochs: 5 } });
    const box = (await plot(page).locator(".u-over").boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + 30);
    await expect.poll(() => output(page), soon).toBe("Epoch 3 of 5");
    await expect.poll(() => legend(page), soon).toContain("Epoch 3");
  });

  test("says so when no epoch has ended, there are no samples or files are broken", async () => {
    const empty = await openReport({ run: { epochs: 0 } });
    await empty.getByText("No epoch has ended yet").waitFor();
    await empty.getByText("There are no samples").waitFor();
    await expect.poll(() => empty.locator(".facts").textContent(), soon).toContain("distinct characters59");
  });

  test("a run of one epoch without held-out text is drawn", async () => {
    const page = await openReport({ run: { epochs: 1, heldOut: false } });
    await expect.poll(() => pixelsOf(page, "--run-1"), soon).toBeGreaterThan(0);
    await expect.poll(() => legend(page), soon).toBe("Epoch 1 training loss 3.0000");
  });

  test("a run of 1,000 epochs makes only what is looked at", async () => {
    const page = await openReport({ run: { epochs: 1000 } });
    expect(await elements(page)).toBeLessThan(400);
    await expect.poll(() => output(page), soon).toBe("Epoch 1,000 of 1,000");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => output(page), soon).toBe("Epoch 999 of 1,000");
    await page.getByRole("radio", { name: "Every epoch" }).check();
    const rows = page.locator(".samples tbody tr");
    await rows.nth(19).waitFor();
    const made = await rows.count();
    expect(made).toBeLessThan(100);
    await rows.nth(made - 1).scrollIntoViewIfNeeded();
    await rows.nth(made).waitFor({ state: "attached" });
    expect(await rows.count()).toBeLessThan(200);
    await page.getByRole("button", { name: "Open epoch 7", exact: true }).click();
    await expect.poll(() => output(page), soon).toBe("Epoch 7 of 1,000");
  });
});

describeInBrowser("the page of three runs", () => {
  const runs = {
    first: { epochs: 6 },
    second: { epochs: 3, settings: { units: [64] } },
    third: { epochs: 4, heldOut: false },
  };

  test("sets their figures, curves and settings beside each other", async () => {
    const page = await openReport(runs);
    await page.getByRole("heading", { name: "3 runs compared" }).waitFor();
    const results = page.getByRole("region", { name: "Results" });
    await expect.poll(() => results.getByRole("row").nth(2).textContent(), soon).toMatch(/second1\.7333.*33/);
    for (const colour of ["--run-0", "--run-1", "--run-2"])
      await expect.poll(() => pixelsOf(page, colour), soon).toBeGreaterThan(50);
    await expect
      .poll(() => page.locator("tr.differs th").allTextContents(), soon)
      .toEqual(expect.arrayContaining(["units", "epochs", "parameters of the network"]));
    await expect.poll(() => legend(page), soon).toContain("first, held-out loss 1.4167");
  });

  test("a shorter run goes on showing its last samples", async () => {
    const page = await openReport(runs);
    const second = page.locator(".run-samples").nth(1);
    await expect.poll(() => second.locator("p").first().textContent(), soon).toContain("epoch 3: ");
    await expect.poll(() => second.locator("article").first().textContent(), soon).toContain("after 3");
    await page.getByRole("radio", { name: "Every epoch" }).check();
    await page.getByLabel(/^Run /).selectOption("third");
    await expect.poll(() => page.locator(".samples tbody tr").count(), soon).toBe(4);
  });
});

describeInBrowser("the page keeps to itself", () => {
  const marked = `<b>'"&amp;`;
  const hostile = `</script><script>window.broken = 1</script><img src=x onerror="window.broken = 1"><!-- <b>&amp; ' " \u2028`;

  test("whatever a text says stays text", async () => {
    const page = await openReport({ [marked]: { epochs: 2, title: hostile, text: () => hostile } });
    expect(await page.evaluate(() => "broken" in window)).toBe(false);
    await expect.poll(() => page.locator(".text").first().textContent(), soon).toBe(`It is a truth 2${hostile}`);
    await expect.poll(() => page.locator("h1").textContent(), soon).toBe(marked);
    await expect(page.title()).resolves.toContain(marked);
    await page.getByRole("radio", { name: "Every epoch" }).check();
    await expect.poll(() => page.locator("td .text").first().textContent(), soon).toBe(hostile);
  });

  test("its policy lets nothing else run and nothing be fetched", async () => {
    const page = await openReport({ run: {} }, { mayComplain: true });
    const broken = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "window.broken = 1";
      document.body.append(script);
      const handler = document.createElement("div");
      handler.setAttribute("onclick", "window.broken = 1");
      handler.click();
      const fetched = await fetch("data:text/plain,x").then(
        () => true,
        () => false,
      );
      return { ran: "broken" in window, fetched };
    });
    expect(broken).toEqual({ ran: false, fetched: false });
  });
});

describeInBrowser("the page is for everybody", () => {
  test.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (colorScheme) => {
    const page = await openReport({ first: { epochs: 6 }, second: { epochs: 3 } }, { colorScheme });
    await page.getByText("The figures of every epoch").click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("radio", { name: "Every epoch" }).check();
    expect(await violations(page)).toEqual([]);
  });

  test("the reader's choice of colours goes before the system's, in the plots, too", async () => {
    const page = await openReport({ run: {} }, { colorScheme: "light" });
    const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByRole("button", { name: "Dark colours" }).click();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(light);
    await expect.poll(() => pixelsOf(page, "--run-0"), soon).toBeGreaterThan(50);
  });

  test("nothing is wider than a screen of 360 pixels", async () => {
    const page = await openReport(
      { "a-run-with-a-rather-long-name-that-does-not-fit": { epochs: 30 }, other: {} },
      { viewport: { width: 360, height: 780 } },
    );
    await page.getByRole("radio", { name: "Every epoch" }).check();
    const [scroll, width] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(scroll).toBe(width);
  });
});
