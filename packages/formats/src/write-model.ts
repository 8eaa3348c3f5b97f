import { type Checkpoint, encodeCheckpoint, fileNames } from "@charlstm/model/checkpoint";
import { zipFiles } from "./archive.js";
import { portableFromCheckpoint } from "./checkpoint.js";
import { writeKerasH5 } from "./h5/write.js";
import { writeKerasV3 } from "./keras/write.js";
import { formatNotes, type ModelFormat } from "./notes.js";
import { writeOnnx } from "./onnx/write.js";
import type { PortableModel } from "./portable-model.js";
import { writeSafetensors } from "./safetensors/safetensors.js";

/** A model in another tool's format. */
export interface WrittenModel {
  /** One file, `model.<format>`; for tfjs the two that belong together, by the names that they know each other by. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the model loses there, or whoever opens it has to know, a sentence each. */
  readonly notes: readonly string[];
}

const writers: Record<Exclude<ModelFormat, "charlstm" | "tfjs">, (model: PortableModel) => Uint8Array> = {
  h5: writeKerasH5,
  keras: writeKerasV3,
  onnx: writeOnnx,
  safetensors: writeSafetensors,
};

/**
 * Writes a model as `charlstm`, all of a checkpoint in one file; or for another tool: `h5` and `keras` for Keras, `tfjs` for TensorFlow.js, `onnx`, and `safetensors` for PyTorch. What
 * `readModel` reads again, but for ONNX. The vocabulary, the objective and, where the format has a place for it, the optimizer go along.
 *
 * @throws {FormatError} `BAD_MODEL`; `UNSUPPORTED_ACTIVATION` where the format has no such gates.
 */
export function writeModel(checkpoint: Checkpoint, format: ModelFormat): WrittenModel {
  if (format === "charlstm") {
    return { files: new Map([["model.charlstm", zipFiles(encodeCheckpoint(checkpoint))]]), notes: [] };
  }
  const model = portableFromCheckpoint(checkpoint);
  const notes = formatNotes(model, format);
  if (format === "tfjs") {
    const files = encodeCheckpoint(checkpoint);
    return { files: new Map([fileNames.model, fileNames.weights].map((name) => [name, files.get(name)!])), notes };
  }
  return { files: new Map([[`model.${format}`, writers[format](model)]]), notes };
}
