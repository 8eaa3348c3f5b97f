// Items in the page, and between it and the command line.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "@charlstm/testing";
import { itemMark } from "@charlstm/training";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { importModel } from "../src/files/import-model.js";
import { describeInBrowser, goTo, importFiles, openApp, paste, resumeAfterReload, stopTraining } from "./browser.js";

const program = fileURLToPath(import.meta.resolve("@charlstm/cli/bin"));

/** Names that a small network soon knows. */
const names = ["anna", "bert", "carla", "di", "emil", "frida"];
const listed = Array.from({ length: 200 }, (_, at) => names[at % 6]).join("\n");

describeInBrowser("items", () => {
  test("are learnt from a list, go on after a reload, are written whole, and by the command line too", async () => {
    const page = await openApp();
    await page.goto(`${page.url().split("#")[0]}#items="line"&units=[24]&window=6&batch=16&epochs=100000`);
    await paste(page, listed);
    await expect.poll(() => page.getByTestId("counts").textContent()).toContain("Items200");
    await goTo(page, "Train");
    await page.getByRole("button", { name: "Start learning" }).click();
    await page.getByText("Items of its own, each from its beginning.").waitFor();
    await expect.poll(() => knownInSample(page), { timeout: 60_000 }).toBeGreaterThan(0.9);
    await resumeAfterReload(page);
    await page.getByText("Items of its own, each from its beginning.").waitFor();
    await stopTraining(page);

    const written = await writeItems(page, { items: 12, longest: 30, seed: 7 });
    expect(written).toHaveLength(12);
    for (const name of written) expect(names).toContain(name);
    const [first] = await writeItems(page, { items: 1, longest: 30, seed: 8 });
    expect(first).toBe(written[1]);
    const begun = await writeItems(page, { items: 3, longest: 2, seed: 7, prompt: "fr" });
    expect(begun).toEqual(["frid", "frid", "frid"]);
    await page.getByRole("button", { name: "Write four" }).click();
    await page.getByRole("button", { name: "Write", exact: true }).waitFor();
    await expect(page.getByTestId("four-0").textContent()).resolves.toBe("frid\nfrid\nfrid");

    const file = join(temporaryFolder(), "names.charlstm");
    await goTo(page, "Keep");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: ".charlstm", exact: true }).click(),
    ]);
    await download.saveAs(file);
    const { checkpoint } = importModel([{ name: "names.charlstm", bytes: await readFile(file) }], undefined);
    expect(checkpoint.settings).toMatchObject({ items: "line" });
    expect(checkpoint.vocabulary).toContain(itemMark);
    const inTerminal = await charlstm("generate", file, "--items", "12", "--max-length", "30", "--seed", "7");
    expect(inTerminal.trimEnd().split("\n")).toEqual(written);
    expect(await page.locator("body").textContent()).not.toContain(itemMark);
  });

  test("that the command line has learnt are written here, looked into, and learnt further from another list", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "names.txt"), listed);
    const model = join(folder, "names.charlstm");
    const learning = ["--units", "24", "--window", "6", "--epochs", "20", "--learning-rate", "0.03", "--dropout", "0"];
    const run = join(folder, "run");
    await charlstm("train", join(folder, "names.txt"), "--items", "line", ...learning, "--out", run);
    await charlstm("export", run, "--out", model);
    const expected = await charlstm("generate", model, "--items", "5", "--seed", "3");

    const page = await openApp();
    await importFiles(page, [model]);
    const written = await writeItems(page, { items: 5, longest: 1000, seed: 3 });
    expect(written).toEqual(expected.trimEnd().split("\n"));
    // Further than to the last.
    for (let times = 0; times < 5; times++) await page.getByTestId("written").press("ArrowDown");
    await page.getByTestId("alternatives").getByText("It wrote the end of an item").waitFor();

    await goTo(page, "Look inside");
    await page.getByLabel("Text").fill("anna\nbert");
    await page.getByRole("button", { name: "Read it" }).click();
    await expect.poll(() => page.getByTestId("around").textContent()).toBe("anna\nbert");
    await page.getByLabel("Which character").fill("8");
    await expect
      .poll(() => page.getByTestId("likely").getByRole("rowheader").first().getAttribute("aria-label"))
      .toBe("the end of an item");

    await paste(page, "carla\ndi\nzoe\n".repeat(40));
    await goTo(page, "Keep");
    await page.getByRole("button", { name: "Train further: names" }).click();
    await page.locator(".notice").getByText("New to it, with weights of their own: o z.").waitFor();
    await page.getByText("Items of its own, each from its beginning.").waitFor();
    await page.getByText("Done; the model is kept").waitFor();
    expect(await page.locator("body").textContent()).not.toContain(itemMark);
  });

  test("are what the first names are, a preset or a link keeps them, and another text leaves them", async () => {
    const page = await openApp();
    await goTo(page, "Text");
    await page.getByRole("button", { name: /^First names/ }).click();
    await page.getByRole("heading", { name: "First names" }).waitFor();
    await expect.poll(() => page.getByTestId("counts").textContent()).toMatch(/Items[\d,]{5}/);
    await goTo(page, "Train");
    await page.getByText("All settings").click();
    const items = page.getByLabel("Items", { exact: true });
    await expect(items.inputValue()).resolves.toBe("line");
    await expect(items.locator("option").allTextContents()).resolves.toEqual([
      ...["None: one long text", "Each line", "Each paragraph"],
    ]);
    await page.getByRole("radio", { name: "Large" }).check();
    await page.getByRole("button", { name: "Copy link to settings" }).click();
    await expect.poll(() => page.url()).toMatch(/#preset=large&items=%22line%22$/);
    await goTo(page, "Text");
    await page.getByRole("button", { name: /^Ballads/ }).click();
    await page.getByRole("heading", { name: "Ballads" }).waitFor();
    await page.getByText("Windows of 64").waitFor();

    await page
      .getByLabel("Choose files")
      .setInputFiles(["a.txt", "b.txt"].map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(listed) })));
    await page.getByTestId("joined").waitFor();
    await goTo(page, "Train");
    await page.getByText("All settings").click();
    await items.selectOption("Each file");
    await goTo(page, "Text");
    await expect.poll(() => page.getByTestId("counts").textContent()).toContain("Items2");
  });
});

/** The share of the names in the live sample that are in the list. */
async function knownInSample(page: Page): Promise<number> {
  const written = ((await page.getByTestId("sample").textContent()) ?? "").split("\n");
  return written.filter((name) => names.includes(name)).length / written.length;
}

interface Wanted {
  items: number;
  longest: number;
  seed: number;
  prompt?: string;
}

/** Has the chosen model write items. */
async function writeItems(page: Page, { items, longest, seed, prompt = "" }: Wanted): Promise<string[]> {
  await goTo(page, "Play");
  await page.getByLabel("How it begins").fill(prompt);
  await page.getByLabel("How many items").fill(String(items));
  await page.getByLabel("Longest item").fill(String(longest));
  await page.getByLabel("Seed").fill(String(seed));
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await page.getByText(items === 1 ? "1 item written." : `${items} items written.`).waitFor();
  return (await page.getByTestId("written").textContent())!.split("\n");
}

/** What the command line prints. */
async function charlstm(...argv: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [program, ...argv])).stdout;
}
