import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { presets } from "@charlstm/training";
import { type RunRecord, runPaths, writeBaselines, writeSampleFile } from "../../src/run/folder.js";

export interface FakeRun {
  epochs?: number;
  heldOut?: boolean;
  title?: string;
  /** The text of an epoch's sample. */
  text?: (epoch: number, temperature: number) => string;
  settings?: Partial<RunRecord["settings"]>;
}

/** A run's folder as `train` leaves it, with figures that fall as a loss does. */
export async function makeRun(folder: string, options: FakeRun = {}): Promise<string> {
  const { epochs = 5, heldOut = true, title = "A Book", text = sentence, settings = {} } = options;
  const paths = runPaths(folder);
  mkdirSync(paths.samples, { recursive: true });
  writeFileSync(paths.record, JSON.stringify(recordOf(title, { ...presets.quick, epochs, ...settings })));
  const lines = Array.from({ length: epochs }, (_, index) => JSON.stringify(figuresOf(index + 1, heldOut)));
  writeFileSync(paths.metrics, lines.map((line) => `${line}\n`).join(""));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const samples = [0.2, 0.5, 1, 1.2].map((temperature) => ({ temperature, text: text(epoch, temperature) }));
    await writeSampleFile(folder, epoch, `It is a truth ${epoch}`, samples);
  }
  if (heldOut && epochs > 0) {
    await writeBaselines(folder, { heldOutCharacters: 5000, baselines: [{ name: "gzip", loss: 2.1234 }] });
  }
  return folder;
}

const sentence = (epoch: number, temperature: number): string =>
  ` universally acknowledged at ${temperature} after ${epoch}. `.repeat(8);

export const figuresOf = (epoch: number, heldOut = true) => ({
  epoch,
  step: epoch * 100,
  loss: 1 + 2 / epoch,
  ...(heldOut && { heldOutLoss: 1.1 + 1.9 / epoch }),
  learningRate: 0.01 / epoch,
  gradientNorm: 1,
  seconds: 2,
  charactersPerSecond: 80_000 + 100 * (epoch % 7),
});

function recordOf(title: string, settings: RunRecord["settings"]): RunRecord {
  return {
    formatVersion: 1,
    book: join("/somewhere/private", "book.txt"),
    preset: "quick",
    settings,
    corpus: {
      title,
      recipe: "gutenberg",
      sha256: "a".repeat(64),
      textSha256: "b".repeat(64),
      characters: 100_000,
      vocabulary: 59,
    },
    backend: { name: "engine", threads: 2, build: "relaxed-simd" },
    versions: { charlstm: "0.0.0", node: "20.0.0" },
    started: "2026-01-02T03:04:05.000Z",
  };
}
