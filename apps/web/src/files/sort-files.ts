// Which of the files that were chosen or dropped are models, and which of them belong together.
import type { FoundFile } from "./found-files.js";

type Named = Pick<FoundFile, "name">;

/** Files that are a model each; weights alone are none. */
const isWhole = ({ name }: Named): boolean =>
  /\.(charlstm|keras|hdf5|h5|safetensors|zip)$/i.test(name) && !/\.weights\.h5$/i.test(name);
const isPart = ({ name }: Named): boolean =>
  isWhole({ name }) || /\.(weights\.h5|json|bin|onnx|pb|pt|pth|ckpt|npz)$/i.test(name);
const isText = ({ name }: Named): boolean => /\.(txt|text|md)$/i.test(name);
const isBelow = (folder: string, { name }: Named): boolean => folder === "" || name.startsWith(`${folder}/`);

/** The folders of runs and of checkpoints that lie in none. */
function runFolders(files: readonly Named[]): string[] {
  const manifests = files.map(({ name }) => /^(?:(.*)\/)?charlstm\.json$/.exec(name)).filter((found) => found !== null);
  return [...new Set(manifests.map(([, folder = ""]) => folder.replace(/(^|\/)(model|checkpoints\/[^/]+)$/, "")))];
}

/**
 * The files of each model: a run's folder is one, and each file that holds a whole model, with those beside it that bear its name. All
 * together where they are not several models.
 */
export function groupModels<File extends Named>(files: readonly File[]): File[][] {
  const runs = runFolders(files);
  const loose = files.filter((file) => !runs.some((folder) => isBelow(folder, file)));
  const whole = loose.filter(isWhole);
  if (runs.length + whole.length < 2) return [[...files]];
  const groups = [
    ...runs.map((folder) => files.filter((file) => isBelow(folder, file))),
    ...whole.map((file) => {
      const stem = file.name.replace(/(-tfjs)?\.[^.]+$/, ".");
      return [file, ...loose.filter((one) => !isWhole(one) && one.name.startsWith(stem))];
    }),
  ];
  // What belongs to none is refused by its name, not passed over.
  const rest = loose.filter((file) => !groups.some((group) => group.includes(file)));
  return rest.length > 0 ? [...groups, rest] : groups;
}

/** Files that were dropped somewhere, by what they are; what could be either is what the place is for. */
export function sortDropped<File extends Named>(
  files: readonly File[],
  isForModels: boolean,
): { models: File[]; texts: File[] } {
  const runs = runFolders(files);
  const isOfRun = (file: File) => runs.some((folder) => isBelow(folder, file));
  const isModel = (file: File) => isOfRun(file) || (!isText(file) && (isForModels || isPart(file)));
  return { models: files.filter(isModel), texts: files.filter((file) => !isModel(file)) };
}
