import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { violations } from "@charlstm/testing/browser";
import { expect, test } from "vitest";
import {
  appAddress,
  describeInBrowser,
  drop,
  easyText,
  figure,
  goTo,
  openApp,
  paste,
  resumeAfterReload,
  servePlain,
  startTraining,
  stepOf,
  stopTraining,
  tasksOf,
} from "./browser.js";

describeInBrowser("the page trains", () => {
  test("on a pasted text the loss falls by half while the sample rewrites itself, and the held-out loss with it", async () => {
    const page = await openApp();
    await startTraining(page);
    await expect.poll(() => figure(page, "loss"), { timeout: 60_000 }).toBeLessThan(Math.log(24) / 2);
    const sample = await page.getByTestId("sample").textContent();
    await expect.poll(() => page.getByTestId("sample").textContent(), { timeout: 20_000 }).not.toBe(sample);
    await expect.poll(() => figure(page, "held-out"), { timeout: 20_000 }).toBeLessThan(Math.log(24) / 2);
    await page.getByRole("button", { name: "bits" }).click();
    await page.getByRole("img", { name: /bits per character/ }).waitFor();
    await stopTraining(page);
  });

  test("a run that is paused goes on after a reload where it was", async () => {
    const page = await openApp();
    await startTraining(page);
    await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(60);
    const paused = await resumeAfterReload(page);
    expect(await stepOf(page)).toBeLessThan(paused + 10_000);
  });

  test("a run whose tab was closed can be resumed from its last save", async () => {
    const page = await openApp();
    await startTraining(page);
    await goTo(page, "Keep");
    await page.getByText("in training").waitFor({ timeout: 40_000 });
    await page.reload();
    await goTo(page, "Train");
    await page.getByRole("button", { name: "Resume “Your text”" }).click();
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(100);
  });

  test("a short run ends by itself", async () => {
    const page = await openApp();
    await startTraining(page, { epochs: 2 });
    await page.getByText("Done; the model is kept").waitFor({ timeout: 60_000 });
  });

  test("several threads share a batch where the page is isolated, one when one is asked for", async () => {
    const page = await openApp();
    await startTraining(page);
    await expect(page.getByTestId("details").textContent()).resolves.toMatch(/[2-8] threads/);
    await stopTraining(page);
    await page.goto(`${appAddress()}#preset=first-words&threads=1`);
    await page.reload();
    await page.getByText("The settings of this link are chosen.").waitFor();
    await startTraining(page);
    await expect(page.getByTestId("details").textContent()).resolves.toMatch(/1 thread$/);
  });

  test("a host without isolation headers and a browser without service workers still train, on one thread", async () => {
    const page = await openApp({ at: await servePlain(), serviceWorkers: "block" });
    await startTraining(page);
    await expect(page.getByTestId("details").textContent()).resolves.toMatch(/1 thread$/);
  });

  test("on a host without isolation headers the service worker brings them after one reload", async () => {
    const page = await openApp({ at: await servePlain() });
    await page.waitForFunction(() => crossOriginIsolated, undefined, { timeout: 30_000 });
    await page.getByText("It will read").waitFor();
    await startTraining(page);
    await expect(page.getByTestId("details").textContent()).resolves.toMatch(/[2-8] threads/);
  });

  test("training goes on in a tab in the background", async () => {
    const page = await openApp();
    await startTraining(page);
    const other = await page.context().newPage();
    await other.bringToFront();
    const before = await stepOf(page);
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(before + 50);
  });

  test("no task of the main thread takes 50 ms of its time while the page trains", async () => {
    const page = await openApp();
    await startTraining(page);
    const tasks = await tasksOf(page, () => page.waitForTimeout(6000));
    expect(tasks.length).toBeGreaterThan(50);
    expect(Math.max(...tasks)).toBeLessThan(50);
  });

  test("a text of 20 MB is read without holding the page up", async () => {
    const page = await openApp();
    await goTo(page, "Text");
    const buffer = Buffer.from(easyText.repeat(Math.ceil(20e6 / Buffer.byteLength(easyText))));
    await page.getByLabel("Choose files").setInputFiles({ name: "long.txt", mimeType: "text/plain", buffer });
    await page.getByRole("heading", { name: "long" }).waitFor({ timeout: 60_000 });
    const counts = await page.getByTestId("counts").textContent();
    expect(Number(/Characters([\d,]+)Diff/.exec(counts!)![1]!.replaceAll(",", ""))).toBe(
      [...easyText].length * Math.ceil(20e6 / Buffer.byteLength(easyText)),
    );
  });

  test("when the storage is full the page says so and goes on training", async () => {
    const page = await openApp();
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(appAddress()).origin, quotaSize: 1000 });
    await startTraining(page);
    await page.getByText(/storage is full/).waitFor({ timeout: 40_000 });
    const before = await stepOf(page);
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(before);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped; the model is not saved: export it under Keep").waitFor();
    await goTo(page, "Keep");
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: ".charlstm", exact: true }).click();
    expect((await downloading).suggestedFilename()).toBe("Your text.charlstm");
  });

  test("markup in a text stays text", async () => {
    const page = await openApp();
    const markup =
      'He wrote <script>document.title = "taken"</script><img src=x onerror="document.title = \'taken\'">\n';
    await paste(page, markup.repeat(60));
    await expect(page.getByTestId("preview").textContent()).resolves.toContain(markup);
    await startTraining(page, { text: markup.repeat(60) });
    await page
      .getByTestId("sample")
      .getByText("<")
      .first()
      .waitFor({ timeout: 20_000 })
      .catch(() => undefined);
    await expect(page.locator("main script, main img:not([role])").count()).resolves.toBe(0);
    await expect(page.title()).resolves.toContain("charlstm");
  });

  test.each([
    [
      "a web page",
      `<!doctype html><title>A book</title><p>${easyText}</p>`,
      /pasted is no plain text: it is a web page/,
    ],
    [
      "the source of a part of one",
      `${easyText.slice(0, 500)}${"<p>the cat</p>\n".repeat(20)}`,
      /whose tags would be learnt/,
    ],
    ["RTF", `{\\rtf1\\ansi ${easyText}}`, /it is RTF; save it as plain text/],
    ["a text with a zero byte", `${easyText}\0${easyText}`, /zero byte in line 101;.* take the byte out/],
  ])("%s is refused with a way out, pasted or as a file, until a text comes", async (_, given, refusal) => {
    const page = await openApp();
    await goTo(page, "Text");
    const error = page.locator(".notice.error");
    await page.getByLabel("Or paste").fill(given);
    await error.getByText(refusal).waitFor();
    await page.getByRole("heading", { name: "Moby-Dick" }).waitFor();
    await page.getByLabel("Or paste").fill(easyText);
    await page.getByRole("heading", { name: "Your text" }).nth(1).waitFor();
    await expect.poll(() => error.count()).toBe(0);
    const file = { name: "book.txt", mimeType: "text/plain", buffer: Buffer.from(given) };
    await page.getByLabel("Choose files").setInputFiles(file);
    await error.getByText("The file “book.txt” is no plain text").waitFor();
  });

  test("several files are one text: each cleaned by itself, in the order of their names, the end of each held out", async () => {
    const page = await openApp();
    // Only the ends have an x: who held the end of the whole out would train on that of the first.
    const body = `${"ab\n".repeat(950)}${"xx\n".repeat(50)}`;
    const book = `*** START OF THE PROJECT GUTENBERG EBOOK B ***\n\n${body}\n*** END OF THE PROJECT GUTENBERG EBOOK B ***\nlicence`;
    await goTo(page, "Text");
    await page.getByLabel("Choose files").setInputFiles([
      { name: "second.txt", mimeType: "text/plain", buffer: Buffer.from(book) },
      { name: "first.txt", mimeType: "text/plain", buffer: Buffer.from(`ab ab\n${body}`) },
    ]);
    await page.getByRole("heading", { name: "first and 1 more" }).waitFor();
    await expect(page.getByTestId("joined").getByRole("listitem").allTextContents()).resolves.toEqual([
      "first.txt 3,006 characters",
      "second.txt 3,000 characters",
    ]);
    await expect(page.getByTestId("counts").textContent()).resolves.toContain("Characters6,008D");
    await expect(page.getByTestId("preview").textContent()).resolves.toMatch(/^ab ab\n/);
    await page.getByText("end marker").or(page.getByText("licence")).first().waitFor();
    await expect(violations(page)).resolves.toEqual([]);

    await goTo(page, "Train");
    await page.getByText("All settings").click();
    await page.getByLabel("Epochs", { exact: true }).fill("1000");
    await page.getByLabel("Units", { exact: true }).fill("16");
    await page.getByRole("button", { name: /^Start/ }).click();
    await expect.poll(() => figure(page, "loss"), { timeout: 60_000 }).toBeLessThan(0.1);
    await expect.poll(() => figure(page, "held-out"), { timeout: 20_000 }).toBeGreaterThan(2);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused; saved in this browser").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Resume “first and 1 more”" }).click();
    await expect.poll(() => figure(page, "held-out"), { timeout: 20_000 }).toBeGreaterThan(2);
    await expect.poll(() => figure(page, "loss"), { timeout: 20_000 }).toBeLessThan(0.1);
  });

  test("of several files one that is no text is refused by its name, and the text that was open stays", async () => {
    const page = await openApp();
    await goTo(page, "Text");
    const input = page.getByLabel("Choose files");
    const text = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from(easyText) };
    const error = page.locator(".notice.error");
    await input.setInputFiles([text, { ...text, name: "b.txt", buffer: Buffer.from("ab\0cd".repeat(50)) }]);
    await error.getByText("The file “b.txt” is no plain text").waitFor();
    await input.setInputFiles([text, { ...text, name: "c.txt", buffer: Buffer.from(" \n") }]);
    await error.getByText(/The file “c\.txt”: .* is empty/).waitFor();
    await page.getByRole("heading", { name: "Moby-Dick" }).waitFor();
    await expect(page.getByTestId("joined").count()).resolves.toBe(0);
  });

  test("a folder is the text of its files, but for the hidden ones; a long name makes the page no wider", async () => {
    const page = await openApp({ viewport: { width: 360, height: 780 } });
    const folder = join(temporaryFolder(), "cats");
    const long = `${"b".repeat(120)}.txt`;
    await mkdir(join(folder, "more"), { recursive: true });
    await writeFile(join(folder, "more", long), easyText);
    await writeFile(join(folder, "a.txt"), easyText);
    await writeFile(join(folder, ".DS_Store"), Uint8Array.from({ length: 100 }));
    await goTo(page, "Text");
    await drop(page, folder);
    await page.getByRole("heading", { name: "cats" }).waitFor();
    const joined = await page.getByTestId("joined").getByRole("listitem").allTextContents();
    expect(joined.map((item) => item.split(" ")[0])).toEqual(["cats/a.txt", `cats/more/${long}`]);
    await expect(page.evaluate(() => document.documentElement.scrollWidth)).resolves.toBe(360);
  });

  test("a text that is cleaned shows what was cut and how many windows are left", async () => {
    const page = await openApp();
    const book = [
      "*** START OF THE PROJECT GUTENBERG EBOOK A BOOK ***\n\nProduced by Somebody\n\n",
      easyText,
      "\n\n[Illustration: a cat]\n\nIt was _very_ good.\n\n*** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***\nlicence\n",
    ].join("");
    await paste(page, book);
    await expect(page.getByTestId("preview").textContent()).resolves.toMatch(/^the cat sat/);
    await page.getByText("illustrations", { exact: true }).click();
    await page.getByText("[Illustration: a cat]").waitFor();
    await expect(page.getByTestId("counts").textContent()).resolves.toMatch(/Windows of 48[1-9]/);
  });
});
