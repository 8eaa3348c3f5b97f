export { isModelError, ModelError, type ModelErrorCode } from "../errors.js";
export { type CheckpointFiles, decodeCheckpoint, encodeCheckpoint, fileNames } from "./codec.js";
export { type CheckpointStore, createMemoryStore, loadNewest, type NewestCheckpoint } from "./store.js";
export { modelTopology } from "./topology.js";
export type { Architecture, Checkpoint, JsonObject, NamedTensor, OptimizerState } from "./types.js";
export { formatVersion } from "./validate.js";
export { initialWeights, weightSpecs } from "./weights.js";
