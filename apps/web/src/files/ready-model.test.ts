import { type Checkpoint, encodeCheckpoint, initialWeights } from "@charlstm/model/checkpoint";
import { afterEach, expect, test, vi } from "vitest";
import { loadReady } from "./ready-model.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the model that comes with the page is fetched once, and again where that failed, which is said", async () => {
  const architecture = { vocabularySize: 2, window: 4, units: [3], dropout: 0 };
  const weights = initialWeights(architecture, { seed: 1 });
  const checkpoint: Checkpoint = {
    ...{ architecture, vocabulary: ["a", "b"], objective: "sequence", weights },
    ...{ history: [], settings: {}, metadata: { title: "Ready" } },
  };
  const files = encodeCheckpoint(checkpoint);
  const asked: string[] = [];
  let status = 503;
  vi.stubGlobal("self", { location: { href: "http://page.example/" } });
  vi.stubGlobal("fetch", async ({ pathname }: URL) => {
    asked.push(pathname);
    return new Response(files.get(pathname.replace("/ready/model/", "")) as Uint8Array<ArrayBuffer>, { status });
  });
  await expect(loadReady()).rejects.toThrow(
    "The model that comes with this page could not be loaded (503): try again.",
  );
  asked.length = 0;
  status = 200;
  const [one, other] = await Promise.all([loadReady(), loadReady()]);
  expect(one).toBe(other);
  expect(one).toMatchObject({ vocabulary: ["a", "b"], weights, metadata: { title: "Ready" } });
  expect(asked.sort()).toEqual(["charlstm.json", "model.json", "weights.bin"].map((name) => `/ready/model/${name}`));
});
