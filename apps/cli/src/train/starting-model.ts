// `train --from`: a model that learns further from another text.
import { resolve } from "node:path";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { type FurtherModel, itemMark, learnFurther, presets } from "@charlstm/training";
import { type Ids, idArray, type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import { CliError } from "../errors.js";
import { openModel } from "../model/model.js";
import type { ResumedRun, RunRecord } from "../run/folder.js";
import { type Io, say } from "../terminal/io.js";
import { terminalLine } from "../terminal/terminal-text.js";
import type { TrainFlags } from "./options.js";

/** A text in the characters of both, it and the model that goes on with it. */
export interface FurtherText {
  ids: Ids;
  vocabulary: Vocabulary;
  /** What run.json says of it. */
  record: NonNullable<RunRecord["from"]>;
  /** Missing for a run that goes on from a checkpoint of its own. */
  checkpoint?: Checkpoint;
  model?: FurtherModel;
}

/**
 * Counts a text's characters in the vocabulary of both, where a run begins with a model or began with one; says what is new to it.
 *
 * @returns `undefined` for a run of a new network.
 */
export async function furtherOf(
  io: Io,
  { ids, vocabulary }: { ids: Ids; vocabulary: Vocabulary },
  { flags, resumed }: { flags: TrainFlags; resumed: ResumedRun | undefined },
): Promise<FurtherText | undefined> {
  const recorded = resumed?.record.from;
  if (recorded && resumed.checkpoint) {
    const both = vocabularyFromJSON(recorded.characters);
    return { ids: inVocabulary(ids, vocabulary, both), vocabulary: both, record: recorded };
  }
  const path = recorded?.model ?? flags.from;
  if (path === undefined) return undefined;
  const checkpoint = await openModel(io, path);
  if (checkpoint.vocabulary.includes(itemMark) && vocabulary.idOf(itemMark) === undefined) {
    throw new CliError(
      "BAD_USAGE",
      `the model ${path} has learnt items, and writes them to their end: say what of the text is one, as in --items line`,
    );
  }
  const model = learnFurther(checkpoint, vocabulary.characters, {
    seed: flags.seed ?? resumed?.record.settings.seed ?? presets[flags.preset].seed,
  });
  const { architecture } = model;
  const added = model.added.filter((character) => character !== itemMark);
  const news = added.length === 0 ? "no new characters" : `new characters: ${terminalLine(added.join(""))}`;
  const known = checkpoint.vocabulary.length;
  say(io, `goes on from a model of ${architecture.units.join(", ")} units and ${known} characters; ${news}`);
  return {
    ids: inVocabulary(ids, vocabulary, model.vocabulary),
    vocabulary: model.vocabulary,
    record: { model: resolve(io.folder, path), characters: model.vocabulary.characters, added },
    ...{ checkpoint, model },
  };
}

/** Ids of one vocabulary in another that has all of its characters. */
function inVocabulary(ids: Ids, from: Vocabulary, to: Vocabulary): Ids {
  const places = from.characters.map((character) => to.idOf(character)!);
  const moved = idArray(to.size, ids.length);
  for (let place = 0; place < ids.length; place++) moved[place] = places[ids[place]!]!;
  return moved;
}
