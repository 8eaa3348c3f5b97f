export { zipFiles } from "./archive.js";
export { checkpointFromPortable, portableFromCheckpoint } from "./checkpoint.js";
export { isKerasError, KerasError, type KerasErrorCode } from "./errors.js";
export type { ModelFormat } from "./format-notes.js";
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
export { type Ml5Files, readMl5CharRnn } from "./read-ml5.js";
export { type ReadModel, type ReadModelOptions, readModel } from "./read-model.js";
export type { ReadOptions } from "./read-options.js";
export { readTfjsLayersModel, type TfjsFiles } from "./read-tfjs.js";
export { readSafetensors, writeSafetensors } from "./safetensors.js";
export { formatVocabulary, parseVocabulary, vocabularyFileName } from "./vocabulary.js";
export { writeKerasH5 } from "./write-h5.js";
export { type WrittenModel, writeModel } from "./write-model.js";
export { writeOnnx } from "./write-onnx.js";
export { writeKerasV3 } from "./write-v3.js";
