import "./register.js";

export { type CharLstmOptions, createCharLstm } from "./char-lstm.js";
export { isModelError, ModelError, type ModelErrorCode } from "./errors.js";
export { type CheckpointFacts, checkpointFromModel, modelFromCheckpoint } from "./layers-checkpoint.js";
