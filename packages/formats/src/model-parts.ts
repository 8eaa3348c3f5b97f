// Which file of a model is what.
import { archiveNames, isZip, readArchive } from "./archive.js";
import { FormatError } from "./errors.js";
import { isHdf5 } from "./hdf5/read.js";
import { textOf } from "./json.js";
import { isSafetensors } from "./safetensors/safetensors.js";

/**
 * The files of a model by their names, without folders; those of a zip that holds a model in place of the zip.
 *
 * @throws {FormatError} `AMBIGUOUS` where two have one name; as {@link readArchive}.
 */
export function partsOf(given: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const parts = new Map<string, Uint8Array>();
  for (const [path, bytes] of given) {
    for (const [place, content] of unpacked(bytes) ?? [[path, bytes] as const]) {
      const name = place.slice(Math.max(place.lastIndexOf("/"), place.lastIndexOf("\\")) + 1);
      if (parts.has(name)) {
        throw new FormatError("AMBIGUOUS", `two files are called ${name}: give the files of one model`, { name });
      }
      parts.set(name, content);
    }
  }
  return parts;
}

/** What is in a zip that a model's files were put into; `undefined` for a `.keras` file and archives of other things. */
function unpacked(archive: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  if (!isZip(archive)) return undefined;
  const names = archiveNames(archive).filter((name) => !name.endsWith("/"));
  const isKeras = names.includes("config.json") && names.includes("model.weights.h5");
  const holdsModel = names.some((name) => /\.(h5|hdf5|keras|safetensors|json)$/i.test(name));
  return isKeras || !holdsModel ? undefined : readArchive(archive, names);
}

/** The file that holds a model by itself, if one does. @throws {FormatError} `AMBIGUOUS` where several do. */
export function modelIn(files: ReadonlyMap<string, Uint8Array>): Uint8Array | undefined {
  const models = [...files].filter(([name, bytes]) => isHdf5(bytes) || isZip(bytes) || isSafetensors(name, bytes));
  if (models.length <= 1) return models[0]?.[1];
  const names = models.map(([name]) => name);
  throw new FormatError(
    "AMBIGUOUS",
    `these are ${models.length} models (${names.join(", ")}): give one at a time, with what belongs to it`,
    { names },
  );
}

/** The characters that a file beside the model names, that of the model's own name first. */
export function vocabularyIn(parts: ReadonlyMap<string, Uint8Array>): string | undefined {
  const names = [...parts.keys()].filter(isVocabulary);
  const name = names.find((other) => parts.has(other.replace(/\.vocabulary\.json$/, ""))) ?? names[0];
  return name === undefined ? undefined : textOf(parts.get(name)!);
}

/** The structure that `model.to_json()` wrote, beside weights alone. */
export function structureIn(parts: ReadonlyMap<string, Uint8Array>): string | undefined {
  return jsonTexts(parts).find((json) => json.includes('"class_name"') && !json.includes('"weightsManifest"'));
}

/** The JSON of a tfjs model, whatever its name. */
export function tfjsJsonIn(parts: ReadonlyMap<string, Uint8Array>): string | undefined {
  const model = parts.get("model.json");
  return model ? textOf(model) : jsonTexts(parts).find((json) => json.includes('"weightsManifest"'));
}

function jsonTexts(parts: ReadonlyMap<string, Uint8Array>): string[] {
  return [...parts].filter(([name]) => /\.json$/i.test(name) && !isVocabulary(name)).map(([, bytes]) => textOf(bytes));
}

/** Whether a file names the characters of a model. */
export function isVocabulary(name: string): boolean {
  return /(^|\.)vocabulary\.json$/.test(name);
}
