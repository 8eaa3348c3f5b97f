import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, fileNames } from "@charlstm/model/checkpoint";
import { unzipSync, zipSync } from "fflate";
import { FileError } from "./file-error.js";

/** Zip entries carry a time; a fixed one makes the same model the same bytes (zip cannot say less than 1980). */
const mtime = new Date(1980, 0, 1);

/** No checkpoint of this page comes near; a zip bomb does. */
const mostBytes = 1e9;

/** A checkpoint as one `.charlstm` file: a zip of its files, uncompressed, since weights hardly shrink. */
export function writeCharlstmFile(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  return zip(encodeCheckpoint(checkpoint));
}

/** The files that `tf.loadLayersModel` opens, as one zip. */
export function writeTfjsZip(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const files = encodeCheckpoint(checkpoint);
  return zip(new Map([fileNames.model, fileNames.weights].map((name) => [name, files.get(name)!])));
}

function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return zipSync(Object.fromEntries(files), { level: 0, mtime }) as Uint8Array<ArrayBuffer>;
}

/** @throws {ModelError} As `decodeCheckpoint`. */
export function readCheckpointFiles(files: ReadonlyMap<string, Uint8Array>): Checkpoint {
  return decodeCheckpoint(files);
}

/**
 * The files of a zip archive by their name, without folders.
 *
 * @throws {FileError} When it is damaged, or unpacks to more than any model has.
 */
export function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  let total = 0;
  try {
    const entries = unzipSync(bytes, {
      filter({ name, originalSize }) {
        total += originalSize;
        if (total > mostBytes) throw new FileError("The archive unpacks to more than any model has: it is not opened.");
        return !name.endsWith("/");
      },
    });
    return new Map(Object.entries(entries).map(([path, content]) => [baseName(path), content]));
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError("The archive is damaged: copy or download the file again.", { cause });
  }
}

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
