import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finishedRun } from "./finished-run.js";
import { filesIn, invoke } from "./invoke.js";

const runFolder = finishedRun();
const text = ["--length", "60", "--seed", "4", "--temperature", "0.8", "--prompt", "the whale was the"];

test.each(["h5", "keras", "safetensors", "tfjs"])(
  "a model that goes out as %s and comes back writes the same text",
  async (format) => {
    const folder = runFolder();
    const path = join(folder, "out", format === "tfjs" ? "model" : `model.${format}`);
    const exported = await invoke(["export", "run", "--format", format, "--out", path], { folder });
    expect(exported).toMatchObject({ code: 0, stdout: `${path}\n` });
    const imported = await invoke(["import", path, "--out", "back", "--window", "16"], { folder });
    expect(imported).toMatchObject({ code: 0, stdout: `${join(folder, "back")}\n` });
    const [before, after] = await Promise.all(
      ["run", "back"].map((model) => invoke(["generate", model, ...text], { folder })),
    );
    expect(after!.code).toBe(0);
    expect(after!.stdout).toBe(before!.stdout);
  },
);

test.each([
  ["m.h5", "m.h5", /^.HDF/],
  ["m.HDF5", "m.HDF5", /^.HDF/],
  ["m.keras", "m.keras", /^PK/],
  ["m.onnx", "m.onnx", /char_lstm/],
  ["m.safetensors", "m.safetensors", /weight_ih_l0/],
  ["my model", "my model/model.json", /"layers-model"/],
])("--out %s is written in the format that it ends in", async (out, file, content) => {
  const folder = runFolder();
  expect(await invoke(["export", "run", "--out", out], { folder })).toMatchObject({
    code: 0,
    stdout: `${join(folder, out)}\n`,
  });
  expect(readFileSync(join(folder, file), "latin1")).toMatch(content);
});

test("a format and an ending that say different things are refused, and so is an ending that says nothing", async () => {
  const folder = runFolder();
  const before = filesIn(folder);
  for (const [argv, message] of [
    [["--out", "m.onnx", "--format", "h5"], /ends as onnx, --format says h5/],
    [["--out", "m.h5", "--format", "tfjs"], /ends as h5, --format says tfjs/],
    [["--out", "m.pt"], /ends in no format known here/],
  ] as const) {
    const { code, stderr } = await invoke(["export", "run", ...argv], { folder });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  }
  expect(filesIn(folder)).toEqual(before);
  expect((await invoke(["export", "run", "--out", "m.bin", "--format", "onnx"], { folder })).code).toBe(0);
});

test("what a format cannot hold is said when it is written", async () => {
  const folder = runFolder();
  const say = async (...argv: string[]) => (await invoke(["export", "run", ...argv], { folder })).stderr;
  expect(await say()).toMatch(/note: Keras 3 predicts .*--no-optimizer/);
  expect(await say("--no-optimizer", "--out", "plain.h5")).not.toMatch(/optimizer/);
  expect(await say("--format", "keras")).not.toMatch(/optimizer/);
});

test("ONNX is written with its vocabulary beside it", async () => {
  const folder = runFolder();
  expect((await invoke(["export", "run", "--format", "onnx", "--out", "out/model.onnx"], { folder })).code).toBe(0);
  expect(filesIn(join(folder, "out"))).toEqual(["model.onnx", "model.onnx.vocabulary.json"]);
});

/** The run as a tfjs model that, as tfjs itself writes it, does not know its characters. */
async function plainModel(folder: string): Promise<void> {
  await invoke(["export", "run", "--format", "tfjs", "--out", "plain"], { folder });
  const path = join(folder, "plain", "model.json");
  const { userDefinedMetadata: _, ...model } = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify(model));
}

test("a model without a vocabulary is refused, saying how to give one", async () => {
  const folder = runFolder();
  await plainModel(folder);
  const { code, stderr } = await invoke(["import", "plain", "--out", "back"], { folder });
  expect(code).toBe(1);
  expect(stderr).toContain("--vocabulary-from");
  expect(stderr).toContain("[NO_VOCABULARY]");
  expect(filesIn(folder).filter((name) => name.startsWith("back"))).toEqual([]);

  expect((await invoke(["import", "plain", "--vocabulary-from", "book.txt", "--out", "back"], { folder })).code).toBe(
    0,
  );
  const [before, after] = await Promise.all(
    ["run", "back"].map((model) => invoke(["generate", model, ...text, "--context", "stream"], { folder })),
  );
  expect(after!.stdout).toBe(before!.stdout);
});

test("a vocabulary of another text is refused", async () => {
  const folder = runFolder();
  await plainModel(folder);
  const argv = ["import", "plain", "--vocabulary-from", "-", "--out", "back"];
  const { code, stderr } = await invoke(argv, { folder, stdin: "only a few letters ".repeat(20) });
  expect(code).toBe(1);
  expect(stderr).toContain("it belongs to another text or recipe");
});
