// What comes with the page ready-made: the model's loss is what the page says, and it writes without a run.
import { readdirSync, readFileSync } from "node:fs";
import { cleanText } from "@charlstm/corpus";
import { decodeCheckpoint } from "@charlstm/model/checkpoint";
import { readNovel } from "@charlstm/novel";
import { createEngineBackend, evaluate, splitText, type TrainingSettings } from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { readyModel } from "../src/files/ready.js";
import { describeInBrowser, goTo, openApp } from "./browser.js";

const folder = new URL("../ready/model/", import.meta.url);

test("the ready model has the held-out loss that the page states, on the end of the novel that no training read", async () => {
  const checkpoint = decodeCheckpoint(
    new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))])),
  );
  const { architecture, objective, weights, settings } = checkpoint;
  expect(architecture.units).toEqual(readyModel.units);
  const { text } = cleanText(readNovel(), { recipe: "gutenberg" });
  const vocabulary = createVocabulary(text);
  expect(checkpoint.vocabulary).toEqual(vocabulary.characters);
  const { heldOut } = splitText(encode(text, vocabulary), (settings as unknown as TrainingSettings).heldOut);
  const backend = await createEngineBackend({
    ...{ architecture, objective, optimizer: { name: "sgd" }, rows: 16, seed: 0, purpose: "scoring" },
  });
  backend.writeWeights(weights);
  const { loss } = await evaluate(backend, heldOut, { context: "stream", window: architecture.window });
  await backend.dispose();
  expect(loss).toBeCloseTo(readyModel.heldOutLoss, 3);
});

test("what comes ready-made is half a megabyte, and the record of its run 20 kB at the most", () => {
  const sizes = readdirSync(folder).map((name) => readFileSync(new URL(name, folder)).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(550_000);
  expect(readFileSync(new URL("../ready/run.json", import.meta.url)).length).toBeLessThan(20_000);
});

describeInBrowser("the ready model", () => {
  test("writes on the first screen and under Play, before anything was trained; it is fetched once, and not before the text is open", async () => {
    const page = await openApp({ serviceWorkers: "block" });
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    await page.reload();
    const shown = page.getByTestId("first-words");
    await expect.poll(async () => (await shown.textContent())!.length, { timeout: 20_000 }).toBeGreaterThan(200);
    await page.getByRole("button", { name: "Write another" }).waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Play with it" }).click();
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await page.getByText("400 characters written.").waitFor({ timeout: 20_000 });
    expect(fetched.filter((path) => path === "/ready/model/weights.bin")).toHaveLength(1);
    expect(fetched.indexOf("/texts/novel.bin")).toBeLessThan(fetched.indexOf("/ready/model/weights.bin"));
  });

  test("is not fetched by itself for who saves data, and written with when asked for", async () => {
    const page = await openApp({ serviceWorkers: "block" });
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "connection", { value: { saveData: true } });
    });
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    await page.reload();
    await page.getByText("It will read").waitFor();
    await page.waitForTimeout(1000);
    expect(fetched.filter((path) => path.startsWith("/ready/"))).toEqual([]);
    await page.getByRole("button", { name: "Let it write" }).click();
    await page.getByRole("button", { name: "Write another" }).waitFor({ timeout: 20_000 });
  });

  test("that can't be fetched is told in its place, and is asked for again", async () => {
    const page = await openApp({ serviceWorkers: "block" });
    await page.route("**/ready/model/weights.bin", (route) => route.fulfill({ status: 503, body: "" }));
    await page.reload();
    await page.getByText("It could not be loaded: try again.").waitFor({ timeout: 20_000 });
    await page.unroute("**/ready/model/weights.bin");
    await page.getByRole("button", { name: "Let it write" }).click();
    await page.getByRole("button", { name: "Write another" }).waitFor({ timeout: 20_000 });
  });

  test("learns further, and goes away as a file, as any other", async () => {
    const page = await openApp();
    await goTo(page, "Keep");
    await page.getByText("Export it").click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: ".charlstm", exact: true }).click();
    expect((await download).suggestedFilename()).toBe("Moby-Dick ready-made.charlstm");
    await page.getByRole("button", { name: "Train it further" }).click();
    await page.getByText("No character of the text is new to it.").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped; the model is kept").waitFor({ timeout: 20_000 });
  });
});
