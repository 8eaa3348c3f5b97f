export { zipFiles } from "./archive.js";
export { checkpointFromPortable, portableFromCheckpoint } from "./checkpoint.js";
export { FormatError, type FormatErrorCode, isFormatError } from "./errors.js";
export { writeKerasH5 } from "./h5/write.js";
export { writeKerasV3 } from "./keras/write.js";
export { type Ml5Files, readMl5CharRnn } from "./ml5/read.js";
export type { ModelFormat } from "./notes.js";
export { writeOnnx } from "./onnx/write.js";
export type {
  Architecture,
  ImportedModel,
  NamedTensor,
  Objective,
  OptimizerConfig,
  OptimizerState,
  PortableModel,
  PortableOptimizer,
} from "./portable-model.js";
export { readKeras } from "./read-keras.js";
export { type ReadModel, type ReadModelOptions, readModel } from "./read-model.js";
export type { ReadOptions } from "./read-options.js";
export { readSafetensors, type SafetensorsTraining, writeSafetensors } from "./safetensors/safetensors.js";
export { readTfjsLayersModel, type TfjsFiles } from "./tfjs/read.js";
export { formatVocabulary, parseVocabulary, vocabularyFileName } from "./vocabulary.js";
export { type WrittenModel, writeModel } from "./write-model.js";
