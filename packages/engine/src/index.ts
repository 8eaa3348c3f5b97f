export { type BuildReport, inspectBuilds } from "./builds.js";
export { createEngine } from "./create.js";
export type { Engine } from "./engine.js";
export { EngineError, type EngineErrorCode, isEngineError } from "./errors.js";
export { canShareMemory } from "./host.js";
export type { EngineOptions } from "./options.js";
export type { CharacterStream } from "./stream.js";
export {
  allBuilds,
  type Batch,
  type Build,
  type Ids,
  isNativeBuild,
  type NamedTensor,
  type NativeBuild,
  type Objective,
  type OptimizerConfig,
  type OptimizerState,
  type WasmBuild,
} from "./types.js";
