import type { ModelFormat } from "@charlstm/keras";
import { type Checkpoint, encodeCheckpoint, fileNames } from "@charlstm/model/checkpoint";

/** What a model can be written for: Keras, TensorFlow.js, ONNX Runtime, PyTorch. */
export type ExportFormat = ModelFormat;

/** Writes a model for another tool. The writers are loaded when they are asked for. */
export async function exportModel(
  checkpoint: Checkpoint,
  format: ExportFormat,
): Promise<Uint8Array | ReadonlyMap<string, Uint8Array>> {
  if (format === "tfjs") {
    const files = encodeCheckpoint(checkpoint);
    return new Map([fileNames.model, fileNames.weights].map((name) => [name, files.get(name)!]));
  }
  const keras = await import("@charlstm/keras");
  const portable = keras.portableFromCheckpoint(checkpoint);
  switch (format) {
    case "h5":
      return keras.writeKerasH5(portable);
    case "keras":
      return keras.writeKerasV3(portable);
    case "onnx":
      return keras.writeOnnx(portable);
    case "safetensors":
      return keras.writeSafetensors(portable);
  }
}
