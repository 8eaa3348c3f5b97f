// A training that is handed over to PyTorch, and what comes back.
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors } from "@charlstm/formats";
import { createDiskStore, initialWeights, loadNewest } from "@charlstm/model/checkpoint";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { command } from "./invoke.js";
import { writeBook } from "./texts.js";

const python = process.env.CHARLSTM_TORCH_PYTHON;

const sequences = [
  "--units",
  "12,9",
  "--batch",
  "6",
  "--window",
  "16",
  "--learning-rate",
  "0.02",
  "--warmup-steps",
  "5",
];
const windows = [...["--preset", "notebook", "--recipe", "gutenberg", "--held-out", "0.1", "--units", "12"]].concat(
  ...[["--window", "16", "--stride", "5", "--batch", "33"]],
);
const quiet = ["--quiet", "--sample-length", "0", "--threads", "1"];

/** A folder with a book and a run of some steps on it, whose settings are `flags`. */
async function startedRun(flags: readonly string[], steps: number): Promise<string> {
  const folder = temporaryFolder();
  writeBook(folder, 9000);
  const { code, stderr } = await command(
    ...([folder, "train", "book.txt", ...flags, ...quiet, "--max-steps", String(steps), "--out", "run"] as const),
  );
  expect(code, stderr).toBe(0);
  return folder;
}

const metricsIn = (folder: string) =>
  readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>);
const modelIn = (folder: string) => readSafetensors(readFileSync(join(folder, "model.safetensors")));
const settingsIn = (folder: string) => JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));

describe("a folder that is handed over", () => {
  test("holds the text as ids, where the run stands, its weights and its optimizer, and a program of less than 250 lines", async () => {
    const folder = await startedRun(sequences, 40);
    const { code, stdout, stderr } = await command(folder, "hand-over", "run", "--to", "big", "--max-steps", "60");
    expect([code, stdout]).toEqual([0, `${join(folder, "big")}\n`]);
    expect(stderr).toContain("python train.py");
    const big = join(folder, "big");
    const { checkpoint } = await loadNewest(createDiskStore(join(folder, "run", "checkpoints")));
    const { vocabulary, characters, heldOutCharacters, progress, totalSteps } = settingsIn(big);
    expect([progress.step, totalSteps]).toEqual([40, 60]);
    const text = [...readFileSync(join(big, "ids.bin"))].map((id) => vocabulary[id]).join("");
    expect(text.length).toBe(characters + heldOutCharacters);
    expect(readFileSync(join(folder, "book.txt"), "utf8")).toContain(text.slice(0, 200).split("\n")[0]);
    const { weights, optimizer } = readSafetensors(readFileSync(join(big, "weights.safetensors")));
    expect(weights).toEqual(checkpoint.weights);
    expect(optimizer?.state.step).toBe(40);
    expect(new Set(optimizer?.state.slots)).toEqual(new Set(checkpoint.optimizer?.slots));
    expect(readFileSync(join(big, "train.py"), "utf8").trimEnd().split("\n").length).toBeLessThan(250);
  });

  test("of a book begins where its training here would", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { code } = await command(folder, "hand-over", "book.txt", ...sequences, "--seed", "5", "--to", "big");
    expect(code).toBe(0);
    const { weights } = readSafetensors(readFileSync(join(folder, "big", "weights.safetensors")));
    const { vocabulary, progress } = settingsIn(join(folder, "big"));
    const architecture = { vocabularySize: vocabulary.length, window: 16, units: [12, 9], dropout: 0 };
    expect(weights).toEqual(initialWeights(architecture, { seed: 5 }));
    expect(progress.step).toBe(0);
  });

  test("is shown beside other runs, and neither goes on here nor is written from as it is", async () => {
    const folder = await startedRun(sequences, 5);
    await command(folder, "hand-over", "run", "--max-steps", "9", "--to", "big");
    const compared = await command(folder, "report", "run", "big", "--out", "both.html");
    expect(compared.code, compared.stderr).toBe(0);
    for (const words of [
      ["train", "--resume", "big"],
      ["generate", "big"],
      ["hand-over", "big", "--to", "again"],
    ]) {
      const { code, stderr } = await command(folder, ...words);
      expect(code).toBe(1);
      expect(stderr).toMatch(/was handed over to PyTorch: python train\.py .* \[HANDED_OVER\]/);
    }
  });

  test("is not made of a run that is at its end", async () => {
    const folder = await startedRun(sequences, 5);
    const { code, stderr } = await command(folder, "hand-over", "run", "--max-steps", "5", "--to", "big");
    expect([code, stderr]).toEqual([2, expect.stringContaining("the run is at its end")]);
  });

  test.each([
    ["a folder with something in it", ["book.txt", "--to", "."], "is not empty"],
    ["items", ["book.txt", "--items", "line", "--to", "big"], "a training on items can't be handed over"],
    ["no folder", ["book.txt"], "required option '--to <folder>'"],
    ["no such book", ["no.txt", "--to", "big"], "NOT_FOUND"],
  ])("is not made of %s", async (_, words, message) => {
    const folder = temporaryFolder();
    writeBook(folder);
    const { code, stderr } = await command(folder, "hand-over", ...words);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).toEqual(["book.txt"]);
  });
});

/** Runs Python in a folder, on one thread, so that two runs have the same bits. */
function runPython(folder: string, ...words: string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(python!, words, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: "1" } });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      printed += chunk;
    });
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, printed })));
}

/** With a free port of its own for the processes to meet at. */
const together = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "train.py"];

describe.skipIf(!python)(`PyTorch${python ? "" : " (skipped: CHARLSTM_TORCH_PYTHON names none)"}`, () => {
  const half = { timeout: 300_000 };

  test.each([
    ["sequences", sequences, 30],
    ["sequences, over an epoch's end", sequences, 80],
    ["windows", windows, 40],
  ])(
    "trains on %s as charlstm does: twenty steps, by one process and by two, give the same losses and weights",
    half,
    async (_, flags, steps) => {
      const folder = await startedRun([...flags, "--dropout", "0"], steps);
      const until = ["--max-steps", String(steps + 20)];
      expect((await command(folder, "hand-over", "run", ...until, "--to", "one")).code).toBe(0);
      cpSync(join(folder, "one"), join(folder, "two"), { recursive: true });
      await command(folder, "train", "--resume", "run", ...until, ...quiet);
      const here = metricsIn(join(folder, "run"));
      const { checkpoint } = await loadNewest(createDiskStore(join(folder, "run", "checkpoints")));
      const expected = checkpoint.weights.flatMap(({ values }) => [...values]);
      for (const [name, words] of [
        ["one", ["train.py"]],
        ["two", together],
      ] as const) {
        const { code, printed } = await runPython(join(folder, name), ...words);
        expect(code, printed).toBe(0);
        const there = metricsIn(join(folder, name));
        expect(there.map(({ epoch, step }) => [epoch, step])).toEqual(here.map(({ epoch, step }) => [epoch, step]));
        for (const [index, line] of there.entries()) {
          for (const figure of ["loss", "heldOutLoss", "gradientNorm", "learningRate"]) {
            expect(Math.abs(line[figure]! - here[index]![figure]!), figure).toBeLessThan(1e-3);
          }
        }
        const { weights } = await newestOf(join(folder, name));
        expect(Math.max(...weights.map((value, index) => Math.abs(value - expected[index]!)))).toBeLessThan(1e-3);
      }
    },
  );

  /** The weights that a program would go on from, whatever was the best. */
  async function newestOf(folder: string): Promise<{ weights: number[] }> {
    const script = `
import runpy, torch, json
part = runpy.run_path("train.py", run_name="part")
_, metadata = part["read_safetensors"](part["here"] / "weights.safetensors")
part["write_safetensors"](part["here"] / "last.safetensors", torch.load("last.pt")["weights"], {"format": "pt"})`;
    const { code, printed } = await runPython(folder, "-c", script);
    expect(code, printed).toBe(0);
    const { weights } = readSafetensors(readFileSync(join(folder, "last.safetensors")));
    return { weights: weights.flatMap(({ values }) => [...values]) };
  }

  test("a run that is stopped and started again has the bits of one that was not, with dropout too", half, async () => {
    const folder = await startedRun([...sequences, "--dropout", "0.3"], 10);
    await command(folder, "hand-over", "run", "--max-steps", "60", "--to", "whole");
    const settings = { ...settingsIn(join(folder, "whole")), stepsPerSave: 7 };
    writeFileSync(join(folder, "whole", "settings.json"), JSON.stringify(settings));
    cpSync(join(folder, "whole"), join(folder, "cut"), { recursive: true });
    // Ends as a kill would, just after its third save.
    const killed = `
import os, runpy, torch
saves, save = [], torch.save
def counted(*given):
    save(*given)
    saves.append(1)
    if len(saves) == 3:
        given[1].replace(given[1].with_name("last.pt"))
        os._exit(9)
torch.save = counted
runpy.run_path("train.py", run_name="__main__")`;
    expect((await runPython(join(folder, "cut"), "-c", killed)).code).toBe(9);
    const resumed = await runPython(join(folder, "cut"), "train.py");
    expect(resumed.printed).toContain("going on after step 28");
    expect((await runPython(join(folder, "whole"), "train.py")).code).toBe(0);
    expect((await newestOf(join(folder, "cut"))).weights).toEqual((await newestOf(join(folder, "whole"))).weights);
    const figures = ({ epoch, loss, heldOutLoss }: Record<string, number>) => [epoch, loss, heldOutLoss];
    expect(metricsIn(join(folder, "cut")).map(figures)).toEqual(metricsIn(join(folder, "whole")).map(figures));
  });

  test("its best model is imported with vocabulary and optimizer, and writes", half, async () => {
    const folder = await startedRun(sequences, 10);
    await command(folder, "hand-over", "run", "--epochs", "1", "--max-steps", "999", "--to", "big");
    expect((await runPython(join(folder, "big"), "train.py")).code).toBe(0);
    expect(modelIn(join(folder, "big")).optimizer?.config).toMatchObject({ name: "adam" });
    expect((await command(folder, "import", "big/model.safetensors", "--out", "model")).code).toBe(0);
    const model = await createDiskStore(folder).load("model");
    const { vocabulary, stepsPerEpoch } = settingsIn(join(folder, "big"));
    expect(model.vocabulary).toEqual(vocabulary);
    expect(model.optimizer?.step).toBe(stepsPerEpoch);
    const { code, stdout } = await command(folder, "generate", "model", "--length", "30");
    expect([code, stdout.length > 30]).toEqual([0, true]);
  });

  test("more processes than rows are refused by name", half, async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    await command(folder, "hand-over", "book.txt", ...sequences, "--batch", "1", "--to", "big");
    const { code, printed } = await runPython(join(folder, "big"), ...together);
    expect(code).not.toBe(0);
    expect(printed).toContain("2 processes for batches of 1 rows: start no more");
  });
});
