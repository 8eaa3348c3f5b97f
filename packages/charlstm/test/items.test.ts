import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { afterAll, describe, expect, test } from "vitest";
import { train } from "../src/index.js";

const names = ["anna", "bert", "carla", "di", "emil", "frida"];
const list = Array.from({ length: 20 }, () => names.join("\n")).join("\n");
const tiny = { units: [24], window: 4, batch: 8, epochs: 30, learningRate: 0.03, dropout: 0, threads: 1 };
const model = await train(list, { ...tiny, items: "line" });
afterAll(() => model.dispose());

describe("a model of items", () => {
  test("writes whole ones, the same for the same seed, and one after a prompt", async () => {
    const items = await model.items({ count: 8, temperature: 0.3, seed: 1 });
    expect(items).toHaveLength(8);
    for (const item of items) expect(names).toContain(item);
    expect(await model.items({ count: 8, temperature: 0.3, seed: 1 })).toEqual(items);
    expect(await model.items({ prompt: "fr", temperature: 0.1, seed: 1 })).toEqual(["frida"]);
    expect(await model.items({ prompt: "fr", temperature: 0.1, seed: 1, maxLength: 1 })).toEqual(["fri"]);
  });

  test("writes one where a text is asked for, from its beginning to its end", async () => {
    expect(names).toContain(await model.text({ temperature: 0.3, seed: 1 }));
    expect(await model.text({ prompt: "em", temperature: 0, length: 50 })).toBe("il");
  });

  test("is scored item by item, their ends included", async () => {
    const { predictions, loss } = await model.evaluate("anna\nemil");
    expect(predictions).toBe(4 + 1 + 4 + 1);
    expect(loss).toBeLessThan(1);
  });

  test("goes on with other items as items", async () => {
    const on = await model.train(["gustav", "hanna", "gustav", "hanna"].join("\n"), { epochs: 1, threads: 1 });
    expect(on.checkpoint.settings).toMatchObject({ items: "line" });
    expect(on.characters).toContain("v");
    expect(await on.items({ count: 2, maxLength: 20 })).toHaveLength(2);
  });

  test("may have a text each for items", async () => {
    const model = await train(["anna\nbert\n", "carla"], { ...tiny, items: "file", epochs: 1 });
    expect(model.characters.filter((character) => character === "\n")).toHaveLength(1);
    const { predictions } = await model.evaluate(["anna\nbert"]);
    expect(predictions).toBe(9 + 1);
  });
});

test("one that knows no items writes none, and says so", async () => {
  const plain = await train(list, { ...tiny, epochs: 1 });
  await expect(plain.items()).rejects.toMatchObject({ code: "NO_ITEMS" });
});

test("items are for sequences", async () => {
  await expect(train(list, { ...tiny, items: "line", preset: "notebook" })).rejects.toMatchObject({
    code: "BAD_OPTION",
  });
});

test("the end of each of several texts is held out", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "b.txt");
  writeFileSync(path, "b".repeat(500));
  let held: number | undefined;
  const both = await train(["a".repeat(500), { path }], {
    ...{ ...tiny, epochs: 20, heldOut: 0.2 },
    onEpoch: ({ heldOutLoss }) => {
      held = heldOutLoss;
    },
  });
  expect(both.characters).toEqual(["\n", "a", "b"]);
  // Were all of it the end of the second text, nothing would be left to learn: here both letters and what is between them are.
  expect(held).toBeGreaterThan(0);
  expect((await both.evaluate("b".repeat(300))).loss).toBeLessThan(0.5);
});
