import type { Checkpoint } from "@charlstm/model/checkpoint";
import { loadBest } from "@charlstm/training";
import { isNode, lookAt } from "#files";
import { CharlstmError } from "./errors.js";
import { CharacterModel } from "./model.js";
import { type Place, storeOf } from "./places.js";

/** What a model's files may leave open. */
export interface LoadOptions {
  /** The characters of its ids, where the files do not name them. */
  vocabulary?: readonly string[] | undefined;
  /** Characters of a window, where the files do not say. Default `60`. */
  window?: number | undefined;
}

/** Files of a model's folder at the most: what has more is another folder. */
const mostFiles = 1000;

/**
 * Loads a model: a checkpoint or a run (its best epoch) by its path, a file of Keras, TensorFlow.js, PyTorch or ml5.js or a
 * `.charlstm` file by its path or its bytes, a model in a browser's database by its name.
 *
 * @throws {CharlstmError} `NO_MODEL`: nothing is there, or nothing that a model could be.
 * @throws {FormatError | ModelError} Why a file or a checkpoint is refused.
 */
export async function load(
  from: Place | Uint8Array | ArrayBuffer | Blob | ReadonlyMap<string, Uint8Array>,
  options: LoadOptions = {},
): Promise<CharacterModel> {
  return new CharacterModel(await checkpointFrom(from, options));
}

async function checkpointFrom(from: Parameters<typeof load>[0], options: LoadOptions): Promise<Checkpoint> {
  if (from instanceof Map) return readFiles(from, options);
  const bytes = await bytesOf(from);
  if (bytes) return readFiles(new Map([["model", bytes]]), options);
  const place = from as Place;
  if (typeof place !== "string" || !isNode) {
    const { store, name } = storeOf(place);
    return store.load(name);
  }
  return checkpointAt(place, options);
}

async function bytesOf(from: unknown): Promise<Uint8Array | undefined> {
  if (from instanceof Uint8Array) return from;
  if (from instanceof ArrayBuffer) return new Uint8Array(from);
  if (typeof Blob !== "undefined" && from instanceof Blob) return new Uint8Array(await from.arrayBuffer());
  return undefined;
}

/** A path's model: that of a folder shows in the names of its files. */
async function checkpointAt(path: string, options: LoadOptions): Promise<Checkpoint> {
  const found = await lookAt(path);
  if (!found)
    throw new CharlstmError("NO_MODEL", `there is nothing at ${path}: name a model's folder or file`, { path });
  if ("bytes" in found) {
    const vocabulary = await lookAt(`${path}.vocabulary.json`);
    const files = new Map([[path, found.bytes]]);
    if (vocabulary && "bytes" in vocabulary) files.set(`${path}.vocabulary.json`, vocabulary.bytes);
    return readFiles(files, options);
  }
  const { names } = found;
  if (names.includes("charlstm.json")) return inStore(path);
  if (names.includes("model")) return inStore(`${path}/model`);
  if (names.includes("checkpoints")) return loadBest(storeOf(`${path}/checkpoints/any`).store);
  if (names.length > mostFiles || !names.some((name) => name === "model.json" || name === "manifest.json")) {
    const message = `${path} holds no model: name the folder of a run or a checkpoint, of a tfjs or ml5 model, or a model's file`;
    throw new CharlstmError("NO_MODEL", message, { path });
  }
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const file = await lookAt(`${path}/${name}`);
    if (file && "bytes" in file) files.set(name, file.bytes);
  }
  return readFiles(files, options);
}

function inStore(path: string): Promise<Checkpoint> {
  const { store, name } = storeOf(path);
  return store.load(name);
}

async function readFiles(files: ReadonlyMap<string, Uint8Array>, options: LoadOptions): Promise<Checkpoint> {
  const { readModel } = await import("@charlstm/formats");
  return readModel(files, options).checkpoint;
}
