// What a run writes and scores while it trains.
import "fake-indexeddb/auto";
import { itemMark } from "@charlstm/training";
import { expect, onTestFinished, test, vi } from "vitest";
import { cats, requestOf } from "../../test/tiny-run.js";
import { createRunService } from "./run-service.js";

// As browsers find it: Node's half has no IndexedDB.
vi.mock("@charlstm/model/checkpoint", () => import("../../node_modules/@charlstm/model/dist/checkpoint.js"));

/** What a run of one epoch writes at its beginning, from this place of the text. */
async function firstSample(id: string, text: string, place: number, settings: object = {}) {
  const { window } = { window: 8, ...settings };
  const draw = vi.spyOn(Math, "random").mockReturnValue((place + 0.5) / (text.length - window));
  onTestFinished(() => draw.mockRestore());
  const { asked, ofType } = requestOf(id, { epochs: 1, heldOut: 0, ...settings }, () => {}, text);
  await createRunService().run(asked);
  return ofType("sample-written")[0]!;
}

const lines = Array.from({ length: 30 }, (_, at) => `line ${String.fromCharCode(97 + (at % 26))} of words`).join("\n");

test("a sample goes on from where a line begins, without lines from a word's beginning, without words from any place", async () => {
  const place = lines.indexOf("of words", 100);
  const line = lines.lastIndexOf("\n", place) + 1;
  const { prompt, text, step } = await firstSample("lines", lines, place);
  expect({ step, prompt }).toEqual({ step: 0, prompt: lines.slice(line, line + 24) });
  expect(text).toHaveLength(420);
  const middle = cats.indexOf("sat on the log") + 1;
  expect((await firstSample("words", cats, middle)).prompt).toBe(cats.slice(middle - 1, middle + 23));
  const letters = "bcdefghijklmnopqrstuvwxyz".repeat(20);
  expect((await firstSample("letters", letters, 41)).prompt).toBe(letters.slice(41, 65));
});

test("a line that begins too far back is none", async () => {
  const text = `first line\n${"word and more ".repeat(60)}`;
  const place = text.indexOf("more", 600) + 2;
  expect((await firstSample("far", text, place)).prompt).toBe(text.slice(place - 2, place + 22));
});

test("a model of windows goes on from a whole window, wherever it begins, and writes less", async () => {
  const { prompt, text } = await firstSample("windows", lines, 40, { objective: "window", window: 12, stride: 3 });
  expect(prompt).toBe(lines.slice(40, 52));
  expect(text).toHaveLength(120);
});

test("a model of items writes as many items as have room, from their beginnings", async () => {
  const names = `${["Anna", "Bo", "Cyrus", "Di", "Emil"].join("\n")}\n`.repeat(20);
  const { asked, ofType } = requestOf("items", { epochs: 1, items: "line" }, () => {}, names);
  await createRunService().run(asked);
  expect(ofType("run-started")).toMatchObject([{ items: "line" }]);
  for (const { prompt, text } of ofType("sample-written")) {
    expect(prompt).toBe("");
    expect(text.split("\n")).toHaveLength(16);
    expect(text).not.toContain(itemMark);
    // At the most four times as long as an item with its mark, 4.6 characters.
    for (const item of text.split("\n")) expect(item.length).toBeLessThanOrEqual(19);
  }
});

test("samples and estimates of the held-out loss come as often as is planned, and at once where the plan is changed", async () => {
  const service = createRunService();
  service.planSamples({ every: Number.POSITIVE_INFINITY });
  let changes = 0;
  const { asked, ofType } = requestOf("planned", { epochs: 2 }, ({ type }) => {
    if (type === "run-started" && changes++ === 0) service.planSamples({ temperature: 0.1, every: 1e9 });
  });
  await service.run(asked);
  const { stepsPerEpoch } = ofType("run-started")[0]!;
  expect(ofType("sample-written").map(({ step }) => step)).toEqual([0, 1, 2 * stepsPerEpoch]);
  expect(ofType("held-out-scored").map(({ step }) => step)).toEqual([1, stepsPerEpoch, 2 * stepsPerEpoch]);
});

test.each([{}, { items: "line" as const }])(
  "an estimate of a short held-out text is its loss: %j",
  async (settings) => {
    const service = createRunService();
    const atEach = ({ type }: { type: string }) => type === "run-started" && service.planSamples({ every: -1 });
    const { asked, ofType } = requestOf("scored", { epochs: 1, batch: 16, ...settings }, atEach, lines);
    await service.run(asked);
    const { stepsPerEpoch } = ofType("run-started")[0]!;
    const scores = ofType("held-out-scored");
    expect(scores).toHaveLength(stepsPerEpoch + 1);
    const [estimate, whole] = scores.slice(-2);
    expect(estimate!.step).toBe(whole!.step);
    expect(estimate!.loss).toBeCloseTo(whole!.loss, 5);
  },
);

test("where nothing is held out nothing is estimated", async () => {
  const service = createRunService();
  const atEach = ({ type }: { type: string }) => type === "run-started" && service.planSamples({ every: -1 });
  const { asked, ofType } = requestOf("unscored", { epochs: 1, batch: 16, heldOut: 0 }, atEach, lines);
  await service.run(asked);
  expect(ofType("held-out-scored")).toEqual([]);
  expect(ofType("run-ended")).toMatchObject([{ reason: "finished", places: undefined }]);
});
