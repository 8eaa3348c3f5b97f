import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { lossPlot } from "../loss-plot.js";
import { runPaths } from "../run-folder.js";
import { versions } from "../versions.js";
import { lossPng } from "./loss-png.js";
import { readRun, runNames } from "./read-run.js";
import type { EpochFigures, RunReport } from "./report-data.js";
import { reportPage } from "./report-page.js";

/** Writes `report.html` into a run's folder, and `loss.svg` and `loss.png` once an epoch has ended. */
export async function writeRunReport(folder: string): Promise<{ page: string; run: RunReport }> {
  const run = await readRun(folder);
  const paths = runPaths(folder);
  const history = run.epochs.filter(hasLoss);
  if (history.length > 0) {
    const svg = lossPlot(history);
    await writeFileAtomic(paths.lossPlot, svg);
    await writeFileAtomic(paths.lossPicture, await lossPng(svg));
  }
  await writeFileAtomic(paths.report, await reportPage({ runs: [run], version: versions.charlstm! }));
  return { page: paths.report, run };
}

/** Writes one page over several runs to `file`. */
export async function writeComparison(folders: readonly string[], file: string): Promise<RunReport[]> {
  const names = runNames(folders);
  const runs: RunReport[] = [];
  for (const [index, folder] of folders.entries()) runs.push(await readRun(folder, names[index]));
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, await reportPage({ runs, version: versions.charlstm! }));
  return runs;
}

function hasLoss(figures: EpochFigures): figures is EpochFigures & { loss: number } {
  return figures.loss !== null;
}
