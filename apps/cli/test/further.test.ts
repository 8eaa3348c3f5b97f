// `train --from`: a model that learns further.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDiskStore } from "@charlstm/model/checkpoint";
import { describe, expect, test } from "vitest";
import { finishedRun } from "./finished-run.js";
import { command, invoke } from "./invoke.js";

const finished = finishedRun();
const german = ["german.txt", "--window", "16", "--batch", "4", "--epochs", "2", "--temperatures", "0.5"];
const modelIn = (folder: string, run: string) => createDiskStore(join(folder, run)).load("model");

/** A folder with a finished run, `run`, and a text with characters that are new to it. */
function prepared(): { folder: string; model: (run: string) => ReturnType<typeof modelIn> } {
  const folder = finished();
  writeFileSync(join(folder, "german.txt"), "Die Katze saß auf der Matte, und der Hund saß davor.\n".repeat(80));
  return { folder, model: (run) => modelIn(folder, run) };
}

test("a run goes on from another run's model: its network stays, new characters come, and the record names both", async () => {
  const { folder, model } = prepared();
  const { code, stderr } = await command(folder, "train", ...german, "--from", "run", "--out", "new");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const [old, further] = [await model("run"), await model("new")];
  expect(stderr).toContain(
    `goes on from a model of ${old.architecture.units.join(", ")} units and ${old.vocabulary.length} characters; new characters: DHMzß`,
  );
  expect(further.architecture.units).toEqual(old.architecture.units);
  expect(further.vocabulary).toEqual([...new Set([...old.vocabulary, "ß", ..."DieKatzsuf MH,.dnv\nrotm"])].sort());
  const record = JSON.parse(readFileSync(join(folder, "new", "run.json"), "utf8")) as { from: object; corpus: object };
  expect(record.from).toMatchObject({ model: join(folder, "run"), characters: further.vocabulary });
  expect(readFileSync(join(folder, "new", "report.html"), "utf8")).toContain("goes on from");
});

test("it begins below a new network on the same text, and does not change the model that it came from", async () => {
  const { folder, model } = prepared();
  const before = await model("run");
  const first = async (...flags: string[]) => {
    const { stdout } = await invoke(["train", "book.txt", ...german.slice(1), "--json", "--quiet", ...flags], {
      folder,
    });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; loss: number });
    return lines.find(({ type }) => type === "step-end")!.loss;
  };
  const { units } = before.architecture;
  expect(await first("--from", "run/model", "--out", "a")).toBeLessThan(
    await first("--units", units.join(","), "--out", "b"),
  );
  expect(await model("run")).toEqual(before);
});

test("stopped and resumed, it ends with the same weights as if it had not been, also when the old model is gone by then", async () => {
  const { folder, model } = prepared();
  await createDiskStore(folder).save("copy", await model("run"));
  const flags = [...german, "--from", "copy", "--decay", "constant", "--warmup-steps", "3"];
  await command(folder, "train", ...flags, "--out", "whole");
  await command(folder, "train", ...flags, "--epochs", "1", "--out", "parts");
  rmSync(join(folder, "copy"), { recursive: true });
  const { code, stderr } = await command(folder, "train", "--resume", "parts", "--epochs", "2");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect((await model("parts")).weights).toEqual((await model("whole")).weights);
});

test.each(["h5", "keras", "safetensors"])("a model of another tool goes on too: .%s", async (format) => {
  const { folder, model } = prepared();
  await command(folder, "export", "run", "--out", `old.${format}`);
  const { code, stderr } = await command(
    folder,
    "train",
    ...german,
    "--from",
    `old.${format}`,
    "--out",
    `of-${format}`,
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect((await model(`of-${format}`)).vocabulary).toContain("ß");
});

describe("what does not go together is refused, and nothing is written", () => {
  test.each<[string, string[], RegExp]>([
    ["other units", ["--from", "run", "--units", "64"], /--units does not go with --from: the model has its own/],
    ["layers", ["--from", "run", "--layers", "2"], /--layers does not go with --from/],
    ["another objective", ["--from", "run", "--objective", "window"], /--objective does not go with --from/],
    ["a resume", ["--resume", "run", "--from", "run"], /--from does not go with --resume/],
    ["a folder that is none", ["--from", "nowhere"], /nowhere does not exist.*\[NO_MODEL\]/],
    ["a text for a model", ["--from", "german.txt"], /\[NOT_A_MODEL\]/],
  ])("%s", async (_, flags, message) => {
    const { folder } = prepared();
    const { code, stderr } = await command(
      folder,
      "train",
      "german.txt",
      ...flags,
      ...(flags[0] === "--resume" ? [] : ["--out", "none"]),
    );
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});
