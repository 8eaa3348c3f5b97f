export type { ModelFormat } from "@charlstm/formats";
export { CharlstmError, type CharlstmErrorCode, isCharlstmError } from "./errors.js";
export { type LoadOptions, load } from "./load.js";
export { CharacterModel, type ItemOptions, type WriteOptions } from "./model.js";
export type { Place } from "./places.js";
export type { ReadingOptions, Text } from "./text.js";
export { type TrainEvent, train, trainEvents } from "./train.js";
export type { EpochReport, TrainOptions } from "./training-run.js";
