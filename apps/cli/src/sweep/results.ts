// What a sweep ends with: the table, the page, the best trial's model.
import { basename, dirname, join, resolve } from "node:path";
import { createDiskStore, nameFrom } from "@charlstm/model/checkpoint";
import { openModel } from "../model/model.js";
import { nameOf } from "../run/claim.js";
import { commandLine } from "../terminal/invocation.js";
import { type Io, print, printJson, say } from "../terminal/io.js";
import { working } from "../terminal/working.js";
import type { SweepFlags } from "./flags.js";
import { trialFolder } from "./folder.js";
import type { OpenSweep } from "./local.js";
import { writeSweepPage } from "./page.js";
import { bestOf, rank, rankingTable } from "./ranking.js";

/** Names of a sweep's texts that tell them apart. */
function textNames({ texts }: OpenSweep["record"]): string[] {
  const names = texts.map((text) => nameOf(text));
  return names.map((name, index) => (names.indexOf(name) === index ? name : `${name}-${index + 1}`));
}

/** Prints the trials, draws the page, and copies the best where it is wanted. */
export async function reportSweep(io: Io, sweep: OpenSweep, { json, bestTo }: Partial<SweepFlags>): Promise<void> {
  const { folder, record, results } = sweep;
  const ranked = rank(record, results);
  const names = textNames(record);
  if (json) {
    for (const { trial, result } of ranked)
      await printJson(io, { ...trial, ...result, text: names[trial.text], folder: trialFolder(folder, trial.id) });
  } else await print(io, `${rankingTable(record, ranked, names)}\n`);
  const page = await working(io, "drawing the page", writeSweepPage(folder, { record, ranked, names }));
  say(io, `page: ${page}`);
  const best = bestOf(ranked);
  for (const { trial } of best) {
    const own = trialFolder(folder, trial.id);
    if (bestTo === undefined) continue;
    const target =
      best.length === 1 ? resolve(io.folder, bestTo) : join(resolve(io.folder, bestTo), nameFrom(names[trial.text]!));
    await createDiskStore(dirname(target)).save(basename(target), await openModel(io, own));
    say(io, `best: ${target} (of ${own})`);
  }
  if (best.length === 1 && bestTo === undefined) {
    const own = trialFolder(folder, best[0]!.trial.id);
    say(io, `best: ${own} (${commandLine(io, "generate", own)} writes from it)`);
  }
}
