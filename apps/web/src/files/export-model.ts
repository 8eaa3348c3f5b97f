import type { Checkpoint } from "@charlstm/model/checkpoint";
import { writeCharlstmFile, writeTfjsZip } from "./charlstm-file.js";
import type { ExportFormat } from "./formats.js";

/** Writes a model in a format; the Keras writers are loaded when they are first asked for. */
export async function exportModel(checkpoint: Checkpoint, format: ExportFormat): Promise<Uint8Array<ArrayBuffer>> {
  if (format === "charlstm") return writeCharlstmFile(checkpoint);
  if (format === "tfjs") return writeTfjsZip(checkpoint);
  const { portableFromCheckpoint, writeKerasH5, writeKerasV3 } = await import("@charlstm/keras");
  const model = portableFromCheckpoint(checkpoint);
  const bytes = await (format === "h5" ? writeKerasH5(model) : writeKerasV3(model));
  return bytes as Uint8Array<ArrayBuffer>;
}
