export { createEngine, type Engine } from "./engine.js";
export { EngineError, type EngineErrorCode, isEngineError } from "./errors.js";
export type { EngineOptions } from "./options.js";
export type { CharacterStream } from "./stream.js";
export type { Batch, Build, Ids, NamedTensor, Objective, OptimizerConfig, OptimizerState } from "./types.js";
