export { isModelError, ModelError, type ModelErrorCode } from "../errors.js";
export { type TensorSpec, weightSpecs } from "./architecture.js";
export { type CheckpointFiles, decodeCheckpoint, encodeCheckpoint } from "./codec.js";
export type { FileSystem } from "./file-system.js";
export { initialWeights } from "./initial-weights.js";
export { fileNames, formatVersion } from "./manifest.js";
export { type CheckpointStore, createMemoryStore, loadNewest, type NewestCheckpoint, nameFrom } from "./store.js";
export { modelTopology } from "./topology.js";
export type { Architecture, Checkpoint, JsonObject, NamedTensor, OptimizerState } from "./types.js";
