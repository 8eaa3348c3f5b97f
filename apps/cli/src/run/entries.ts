import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { vocabularyFileName } from "@charlstm/formats";
import { CliError } from "../errors.js";
import { type Mark, marks } from "../files/marks.js";
import { checkOwnFile, checkOwnFolder } from "../files/own-files.js";
import { runPaths } from "./folder.js";

/** Every name that a run gives to something in its folder. */
function runEntries(folder: string): {
  files: readonly (readonly [path: string, mark: Mark])[];
  /** Drawn from the files; a run goes on without them. */
  drawn: readonly string[];
  folders: readonly string[];
} {
  const paths = runPaths(folder);
  return {
    files: [
      [paths.record, marks.record],
      [paths.metrics, marks.metrics],
      [paths.baselines, marks.baselines],
      [paths.kerasModel, marks.model],
      [vocabularyFileName(paths.kerasModel), marks.vocabulary],
    ],
    drawn: [paths.lossPlot, paths.lossPicture, paths.report],
    folders: [paths.samples, paths.checkpoints, paths.model, paths.tensorboard],
  };
}

/**
 * Checks that a new run would find none of its names taken. Files of other names are welcome beside it.
 *
 * @throws {CliError} `OCCUPIED`, naming all that are.
 */
export async function checkNoneIsTaken(folder: string): Promise<void> {
  const { files, drawn, folders } = runEntries(folder);
  const there = new Set(await readdir(folder));
  const names = [...files.map(([path]) => path), ...drawn, ...folders];
  const taken = names.map((path) => basename(path)).filter((name) => there.has(name));
  if (taken.length === 0) return;
  throw new CliError(
    "OCCUPIED",
    `${folder} holds ${taken.join(", ")}, which a run would write: name another folder with --out, or move that away`,
  );
}

/**
 * Checks that a run which goes on would replace nothing but what it made itself.
 *
 * @throws {CliError} `OCCUPIED`, naming the first that it did not make.
 */
export async function checkAllAreOurs(folder: string): Promise<void> {
  const { files, folders } = runEntries(folder);
  for (const path of folders) await checkOwnFolder(path);
  for (const [path, mark] of files) await checkOwnFile(path, mark);
  const { samples } = runPaths(folder);
  for (const name of await readdir(samples).catch(() => [])) {
    if (/^epoch_\d+\.txt$/.test(name)) await checkOwnFile(join(samples, name), marks.samples);
  }
}
