export { decode, type EncodeOptions, encode } from "./encode.js";
export { type EncodedText, type EncodeStreamOptions, encodeStream } from "./encode-stream.js";
export type { UnknownCharacter, UnknownCharacters } from "./encoder.js";
export { isVectorizeError, VectorizeError, type VectorizeErrorCode } from "./errors.js";
export { type Ids, idArray } from "./ids.js";
export {
  createItemBatches,
  type ItemBatch,
  type ItemBatches,
  type ItemBatchOptions,
  itemStarts,
} from "./item-batches.js";
export { type OneHotBatch, type OneHotBatchOptions, oneHotBatches } from "./one-hot-batches.js";
export {
  countStreamBatches,
  type StreamBatch,
  type StreamBatchOptions,
  type StreamShape,
  streamBatches,
} from "./stream-batches.js";
export { createVocabulary, type Vocabulary, vocabularyFromJSON } from "./vocabulary.js";
export { countWindowBatches, type WindowBatch, type WindowBatchOptions, windowBatches } from "./window-batches.js";
export { countWindows, type Window, type WindowOptions, windows } from "./windows.js";
