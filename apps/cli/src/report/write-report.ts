import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { markPng, markSvg, marks } from "../files/marks.js";
import { checkOwnFile, writeOwnFile } from "../files/own-files.js";
import { runPaths } from "../run/folder.js";
import { versions } from "../versions.js";
import { lossPlot } from "./loss-plot.js";
import { lossPng, type PictureOptions } from "./loss-png.js";
import { readRun, runNames } from "./read-run.js";
import type { EpochFigures, RunReport } from "./report-data.js";
import { reportPage } from "./report-page.js";

/** A run's page, as it was written. */
export interface WrittenReport {
  page: string;
  run: RunReport;
  /** What could not be read or drawn, a sentence each. */
  notes: readonly string[];
}

/**
 * Writes `report.html` into a run's folder, and `loss.svg` and `loss.png` once an epoch has ended: a picture that can't be drawn,
 * or put there, is told of and left out.
 */
export async function writeRunReport(folder: string, options: PictureOptions = {}): Promise<WrittenReport> {
  const run = await readRun(folder);
  const { report: page } = runPaths(folder);
  const notes = await drawPictures(folder, run, options);
  await writeOwnFile(page, await reportPage({ runs: [run], version: versions.charlstm! }), marks.page);
  return { page, run, notes: [...run.notes, ...notes] };
}

async function drawPictures(folder: string, run: RunReport, options: PictureOptions): Promise<string[]> {
  const { lossPlot: plotFile, lossPicture: pictureFile } = runPaths(folder);
  const history = run.epochs.filter(hasLoss);
  const notes: string[] = [];
  const orTell = (error: unknown) => {
    options.signal?.throwIfAborted();
    notes.push((error as Error).message);
  };
  if (history.length === 0) return notes;
  try {
    const svg = markSvg(lossPlot(history));
    await writeOwnFile(plotFile, svg, marks.svg).catch(orTell);
    await checkOwnFile(pictureFile, marks.png);
    await writeOwnFile(pictureFile, markPng(await lossPng(svg, options)), marks.png);
  } catch (error) {
    orTell(error);
  }
  return notes;
}

/** Writes one page over several runs to `file`. */
export async function writeComparison(folders: readonly string[], file: string): Promise<RunReport[]> {
  const names = runNames(folders);
  const runs: RunReport[] = [];
  for (const [index, folder] of folders.entries()) runs.push(await readRun(folder, names[index]));
  await mkdir(dirname(file), { recursive: true });
  await writeOwnFile(file, await reportPage({ runs, version: versions.charlstm! }), marks.page);
  return runs;
}

function hasLoss(figures: EpochFigures): figures is EpochFigures & { loss: number } {
  return figures.loss !== null;
}
