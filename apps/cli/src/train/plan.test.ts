import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { presets } from "@charlstm/training";
import { expect, test } from "vitest";
import { ioIn } from "../../test/invoke.js";
import type { TrainFlags } from "./options.js";
import { planTraining } from "./plan.js";

const text = "The cat sat on the mat, and the dog on the log.\n".repeat(40);

/** The plan of a training on a text, and what was said of it. */
async function plan(flags: Partial<TrainFlags> = {}, content = text) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cats.txt"), content);
  const io = ioIn(folder);
  let said = "";
  io.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const planned = await planTraining(io, ["cats.txt"], { preset: "quick", backend: "auto", ...flags });
  return { ...planned, said, folder };
}

test("a plan says how large the text is, of how many windows, and what the preset was fitted to", async () => {
  const { said, ids, heldOut, vocabulary, settings, record, metadata, folder } = await plan({ window: 16, stride: 3 });
  const { length } = text.trimEnd();
  const all = ids.length + heldOut.length;
  expect(Math.abs(all - length)).toBeLessThanOrEqual(1);
  // One for each place at which a window begins and a character follows.
  const windows = Math.ceil((all - 16) / 3);
  expect(said).toContain(
    `: ${all} characters, ${vocabulary.size} distinct, ${windows} windows of 16 (recipe gutenberg)\n`,
  );
  const { batch, units, dropout, epochs, maxSteps } = settings;
  expect(said).toContain(
    `preset quick, fitted to the text: batch ${batch} × window 16, units ${units}, dropout ${dropout}, `,
  );
  const length_ = `${epochs} epochs${maxSteps === undefined ? "" : `, at most ${maxSteps.toLocaleString("en")} updates`}\n`;
  expect(said).toContain(length_);
  expect(record).toMatchObject({ book: join(folder, "cats.txt"), preset: "quick", corpus: { characters: all } });
  expect(record.corpus).not.toHaveProperty("cleaning");
  expect(metadata.prompt).toBe(text.slice(0, 16));
});

test("who names the epochs gets all of them, and who names the warm-up gets that", async () => {
  expect((await plan({ epochs: 1 })).settings).toMatchObject({ epochs: 1, maxSteps: undefined });
  expect((await plan({ epochs: 1 })).said).toMatch(/, 1 epoch\n/);
  expect((await plan({ warmupSteps: 7 })).settings.warmupSteps).toBe(7);
});

test("items are counted as such, and begin with nothing before them", async () => {
  const { said, metadata } = await plan({ items: "line" }, "Anna\nBo\n\nCyrus\nDi\nEmil\n".repeat(20));
  expect(said).toContain("100 items (each a line)");
  expect(metadata.prompt).toBe("");
});

test("what was asked of the cleaning is recorded, and done", async () => {
  const { record, vocabulary } = await plan({ foldCase: true });
  expect(record.corpus).toMatchObject({ cleaning: { foldCase: true } });
  expect(vocabulary.idOf("T")).toBeUndefined();
});

test("the notebook's preset wants the notebook's text, unless another recipe is named, and is not fitted", async () => {
  await expect(plan({ preset: "notebook" })).rejects.toMatchObject({ code: "MARKER_MISSING" });
  const { said, settings } = await plan({ preset: "notebook", recipe: "gutenberg" });
  expect(said).not.toContain("fitted to the text");
  expect(settings).toMatchObject({ units: presets.notebook.units, window: presets.notebook.window });
});

test("a text that is too short for a window is refused, after it is said what it is", async () => {
  await expect(plan({ window: 60 }, "Too short.")).rejects.toMatchObject({ code: "TEXT_TOO_SHORT" });
});
