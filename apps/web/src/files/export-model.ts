import { type ModelFormat, writeModel, zipFiles } from "@charlstm/formats";
import type { Checkpoint } from "@charlstm/model/checkpoint";

/** A model as a file, and what it lost on the way or whoever opens it has to know, a sentence each. */
export interface ExportedModel {
  bytes: Uint8Array<ArrayBuffer>;
  notes: readonly string[];
}

/** Writes a model in a format, as one file. */
export function exportModel(checkpoint: Checkpoint, format: ModelFormat): ExportedModel {
  const { files, notes } = writeModel(checkpoint, format);
  const bytes = files.size > 1 ? zipFiles(files) : [...files.values()][0]!;
  return { bytes: bytes as Uint8Array<ArrayBuffer>, notes };
}
