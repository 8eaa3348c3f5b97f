import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { CliError } from "../errors.js";
import { writeComparison, writeRunReport } from "../report/write-report.js";
import { type Io, print, say, warn } from "../terminal/io.js";
import { working } from "../terminal/working.js";

/** `charlstm report <run...>` */
export function reportCommand(io: Io): Command {
  return new Command("report")
    .description("Draw a run, or several beside each other, as one page that opens in a browser.")
    .argument("<run...>", "folders of runs")
    .option("--out <file>", "the page (default: report.html in the run's folder, or here for several runs)")
    .action((runs: string[], { out }: { out?: string }) => runReport(io, runs, out));
}

async function runReport(io: Io, runs: readonly string[], out: string | undefined): Promise<void> {
  const folders = runs.map((run) => resolve(io.folder, run));
  if (folders.length === 1 && out === undefined) {
    const { page, run, notes } = await working(
      io,
      "drawing the report",
      writeRunReport(folders[0]!, { signal: io.signal }),
    );
    for (const note of notes) warn(io, note);
    if (run.epochs.length === 0) say(io, "no epoch of this run has ended yet: the page has its settings only");
    await print(io, `${page}\n`);
    return;
  }
  const file = resolve(io.folder, out ?? "report.html");
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError(
      "BAD_USAGE",
      `--out ${out ?? file} is a folder: name the file to write, like ${file}/report.html`,
    );
  }
  const reports = await working(io, "drawing the report", writeComparison(folders, file));
  for (const { name, notes } of reports) for (const note of notes) warn(io, `${name}: ${note}`);
  await print(io, `${file}\n`);
}
