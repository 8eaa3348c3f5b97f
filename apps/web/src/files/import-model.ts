import { isFormatError, type ReadModel, readModel } from "@charlstm/formats";
import { type Checkpoint, fileNames } from "@charlstm/model/checkpoint";

/** A file that was chosen or dropped; of a folder with its path in it. */
export interface GivenFile {
  name: string;
  bytes: Uint8Array;
}

/** A model out of files, and what there is to say about them. */
export interface OpenedModel {
  checkpoint: Checkpoint;
  title: string;
  notes: string[];
}

/**
 * The files that make up the model, before any is read: of a run's folder those of its `model/`, else of its newest checkpoint; of
 * others all.
 */
export function pickFiles<File extends { name: string }>(given: readonly File[]): readonly File[] {
  const folders = given.filter(({ name }) => baseName(name) === fileNames.manifest).map(({ name }) => folderOf(name));
  if (folders.length === 0) return given;
  const chosen = folders.find((folder) => baseName(folder) === "model") ?? folders.sort().at(-1)!;
  return given.filter(({ name }) => folderOf(name) === chosen);
}

/**
 * Opens the files of a model as `readModel` does, for this page.
 *
 * @param vocabulary The characters of the text in the page, for files that carry none.
 * @throws {Error | ModelError | FormatError} With a sentence for the visitor.
 */
export function importModel(given: readonly GivenFile[], vocabulary: readonly string[] | undefined): OpenedModel {
  const { checkpoint, source, warnings, isBorrowed } = withVocabulary(given, vocabulary);
  const { architecture, metadata } = checkpoint;
  if (architecture.recurrentActivation) {
    throw new Error(
      "The model's gates are hard_sigmoid, as in Keras before 2.3: the page writes with sigmoid gates alone. " +
        "The command line imports it and writes with it.",
    );
  }
  const { title, corpus } = metadata as { title?: unknown; corpus?: { title?: unknown } };
  const own = [title, corpus?.title].find((name) => typeof name === "string") as string | undefined;
  const borrowed = "The file names no characters: those of the text that is open were taken.";
  const notes = [`Read as ${source}.`, ...warnings, ...(isBorrowed ? [borrowed] : [])];
  return { checkpoint, title: own ?? titleOf(given), notes };
}

/** Reads a model with the characters that its files name, else with those of the text that is open. */
function withVocabulary(
  given: readonly GivenFile[],
  vocabulary: readonly string[] | undefined,
): ReadModel & { isBorrowed: boolean } {
  const files = new Map(given.map(({ name, bytes }) => [name, bytes]));
  try {
    return { ...readModel(files), isBorrowed: false };
  } catch (error) {
    if (!isFormatError(error) || error.code !== "NO_VOCABULARY" || error.details.given !== undefined) throw error;
    const { size } = error.details;
    if (vocabulary?.length === size) return { ...readModel(files, { vocabulary }), isBorrowed: true };
    throw new Error(
      `The model knows ${size} characters, but the file does not say which. Choose its .vocabulary.json along with it, ` +
        "or first open under Text the very text that it was trained on" +
        (vocabulary ? ` (the one that is open has ${vocabulary.length}).` : "."),
      { cause: error },
    );
  }
}

/** A name out of the files' names, where one of them is the model's own, or out of their folder's, which may have several models. */
function titleOf(given: readonly GivenFile[]): string {
  const [first] = given;
  const folders = folderOf(first!.name).split("/");
  const folder = folders.filter((name) => name !== "" && name !== "model").at(-1);
  const named = given.find(({ name }) => /[^.]\.[a-z0-9]+$/i.test(name) && !isPart(name));
  const own = named && baseName(named.name).replace(/(-tfjs\.zip|(\.weights)?\.[a-z0-9]+)$/i, "");
  return own ?? folder ?? "Imported model";
}

/** Names that say nothing of the model that the file is part of. */
const isPart = (name: string) =>
  /^(model|charlstm|metadata|manifest|vocab)\.json$|\.bin$|vocabulary\.json$/.test(baseName(name));
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
