import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { EpochFigures } from "./report-data.js";

/** The epochs of a `metrics.jsonl`, and what could not be read of it: a run that was killed may leave half a line. */
export async function readMetrics(file: string): Promise<{ epochs: EpochFigures[]; notes: string[] }> {
  if (!existsSync(file)) return { epochs: [], notes: [] };
  const lines = (await readFile(file, "utf8")).split("\n");
  const byEpoch = new Map<number, EpochFigures>();
  const notes: string[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const figures = parseLine(line);
    if (figures) byEpoch.set(figures.epoch, figures);
    else if (index === lines.length - 1) notes.push("The last line of metrics.jsonl is cut off and left out.");
    else notes.push(`Line ${index + 1} of metrics.jsonl does not hold an epoch's figures and is left out.`);
  });
  return { epochs: [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch), notes };
}

function parseLine(line: string): EpochFigures | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  const { epoch, step } = given;
  if (!Number.isSafeInteger(epoch) || (epoch as number) < 1) return undefined;
  return {
    epoch: epoch as number,
    step: finite(step) ?? 0,
    loss: finite(given.loss),
    heldOutLoss: finite(given.heldOutLoss),
    learningRate: finite(given.learningRate),
    charactersPerSecond: finite(given.charactersPerSecond),
    seconds: finite(given.seconds) ?? 0,
  };
}

/** JSON has no NaN: what was none came back as `null`. */
function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
