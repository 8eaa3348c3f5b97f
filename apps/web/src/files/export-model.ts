import type { Checkpoint } from "@charlstm/model/checkpoint";
import type { OptimizerConfig } from "@charlstm/training";
import { writeCharlstmFile, writeTfjsZip } from "./charlstm-file.js";
import type { ExportFormat } from "./formats.js";

/** Writes a model in a format; the Keras writers are loaded when they are first asked for. */
export async function exportModel(checkpoint: Checkpoint, format: ExportFormat): Promise<Uint8Array<ArrayBuffer>> {
  if (format === "charlstm") return writeCharlstmFile(checkpoint);
  if (format === "tfjs") return writeTfjsZip(checkpoint);
  const { writeKerasH5, writeKerasV3 } = await import("@charlstm/keras");
  const { architecture, weights, vocabulary, objective, optimizer, settings } = checkpoint;
  const { optimizer: config, learningRate } = settings as { optimizer?: OptimizerConfig; learningRate?: number };
  const model = {
    ...{ architecture, weights, vocabulary, objective },
    ...(optimizer && config
      ? { optimizer: { config, state: optimizer, ...(learningRate === undefined ? {} : { learningRate }) } }
      : {}),
  };
  const bytes = await (format === "h5" ? writeKerasH5(model) : writeKerasV3(model));
  return bytes as Uint8Array<ArrayBuffer>;
}
