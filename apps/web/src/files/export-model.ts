import type { Checkpoint } from "@charlstm/model/checkpoint";
import { writeCharlstmFile, writeTfjsZip } from "./charlstm-file.js";
import type { ExportFormat } from "./formats.js";

/** A model as a file, and what it lost on the way or whoever opens it has to know, a sentence each. */
export interface ExportedModel {
  bytes: Uint8Array<ArrayBuffer>;
  notes: string[];
}

/** Writes a model in a format; the Keras writers are loaded when they are first asked for. */
export async function exportModel(checkpoint: Checkpoint, format: ExportFormat): Promise<ExportedModel> {
  if (format === "charlstm") return { bytes: writeCharlstmFile(checkpoint), notes: [] };
  const { formatNotes, portableFromCheckpoint, writeKerasH5, writeKerasV3 } = await import("@charlstm/keras");
  const model = portableFromCheckpoint(checkpoint);
  const notes = formatNotes(model, format);
  if (format === "tfjs") return { bytes: writeTfjsZip(checkpoint), notes };
  const bytes = await (format === "h5" ? writeKerasH5(model) : writeKerasV3(model));
  return { bytes: bytes as Uint8Array<ArrayBuffer>, notes };
}
