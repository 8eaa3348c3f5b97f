import { type Checkpoint, fileNames } from "@charlstm/model/checkpoint";
import { presets } from "@charlstm/training";
import { baseName, readCheckpointFiles, unzip } from "./charlstm-file.js";
import { FileError } from "./file-error.js";

/** A file that was chosen or dropped. */
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
 * Opens what `exportModel` writes, what the command line and Keras write, and the files of a checkpoint's folder chosen together;
 * the content tells which it is, not the name.
 *
 * @param vocabulary The characters of the text in the page, for files that carry none.
 * @throws {FileError | ModelError | KerasError} With a sentence for the visitor.
 */
export async function importModel(
  given: readonly GivenFile[],
  vocabulary: readonly string[] | undefined,
): Promise<OpenedModel> {
  const files = new Map(given.map(({ name, bytes }) => [baseName(name), bytes]));
  const title = titleOf(given);
  const [first] = given;
  if (!first) throw new FileError("No file was chosen.");
  const zipped = given.find(({ bytes }) => isZip(bytes));
  const unzipped = zipped ? unzip(zipped.bytes) : files;
  if (unzipped.has(fileNames.manifest)) {
    return { checkpoint: readCheckpointFiles(unzipped), title, notes: [] };
  }
  return importForeign({ files, unzipped, zipped, title, vocabulary });
}

interface Foreign {
  files: ReadonlyMap<string, Uint8Array>;
  unzipped: ReadonlyMap<string, Uint8Array>;
  zipped: GivenFile | undefined;
  title: string;
  vocabulary: readonly string[] | undefined;
}

async function importForeign({ files, unzipped, zipped, title, vocabulary }: Foreign): Promise<OpenedModel> {
  const { checkpointFromPortable, parseVocabulary, readKeras, readTfjsLayersModel } = await import("@charlstm/keras");
  const modelJson = unzipped.get(fileNames.model);
  const keras = [...files.values()].find(isHdf5) ?? (modelJson ? undefined : zipped?.bytes);
  if (!keras && !modelJson) {
    throw new FileError(
      `${[...files.keys()].join(", ")}: this is no model. Choose a .charlstm, .h5 or .keras file, or model.json together with its weight files.`,
    );
  }
  const model = keras
    ? readKeras(keras)
    : readTfjsLayersModel({ modelJson: new TextDecoder().decode(modelJson), weights: unzipped });
  const notes = [`Read as ${model.source}.`, ...model.warnings];
  const beside = [...files].find(([name]) => name.endsWith("vocabulary.json"))?.[1];
  const own = model.vocabulary ?? (beside ? parseVocabulary(new TextDecoder().decode(beside)) : undefined);
  const { architecture } = model;
  if (architecture.recurrentActivation) {
    throw new FileError(
      "The model's gates are hard_sigmoid, as in Keras before 2.3: the page writes with sigmoid gates alone. " +
        "The command line imports it and writes with it.",
    );
  }
  const characters = own ?? vocabulary;
  if (characters?.length !== architecture.vocabularySize) {
    throw new FileError(
      `The model knows ${architecture.vocabularySize} characters, but the file does not say which. Choose its .vocabulary.json along with it, ` +
        "or first open under Text the very text that it was trained on" +
        (vocabulary ? ` (the one that is open has ${vocabulary.length}).` : "."),
    );
  }
  if (!own) notes.push("The file names no characters: those of the text that is open were taken.");
  const { window, units, dropout } = architecture;
  const { optimizer: _, ...checkpoint } = checkpointFromPortable(model, characters);
  const { objective } = checkpoint;
  checkpoint.settings = { ...presets.notebook, objective, window, units, dropout };
  return { checkpoint, title, notes };
}

function titleOf(given: readonly GivenFile[]): string {
  const named = given.find(
    ({ name }) => !/^(model|charlstm|metadata)\.json$|\.bin$|vocabulary\.json$/.test(baseName(name)),
  );
  const title = baseName((named ?? given[0])?.name ?? "").replace(/(-tfjs\.zip|\.[a-z0-9]+)$/i, "");
  return title || "Imported model";
}

const isZip = (bytes: Uint8Array) => [0x50, 0x4b, 3, 4].every((byte, index) => bytes[index] === byte);
const isHdf5 = (bytes: Uint8Array) =>
  [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, index) => bytes[index] === byte);
