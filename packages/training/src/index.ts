export type {
  Backend,
  BackendOptions,
  Batch,
  CharacterStream,
  Objective,
  OptimizerConfig,
  Score,
  StepResult,
} from "./backend.js";
export { begunAnew } from "./beginnings.js";
export { heldOutLossOf, loadBest } from "./best.js";
export { checkSettings } from "./check-settings.js";
export { type CopiedPassage, longestCopiedPassage } from "./copied-passage.js";
export { type BatchSource, batchSource, splitText } from "./data.js";
export { createEngineBackend, type EngineBackendOptions } from "./engine-backend.js";
export { isTrainingError, TrainingError, type TrainingErrorCode } from "./errors.js";
export { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.js";
export type { Sample, TrainingEvent } from "./events.js";
export { fitWarmup, presetFor } from "./fit.js";
export { fitItems } from "./fit-items.js";
export { type FurtherModel, learnFurther, settingsFurther } from "./further.js";
export { type CharacterChoice, type GeneratedCharacter, type GenerateOptions, generate } from "./generate.js";
export { type ItemKind, itemKindOf, itemKinds, itemMark, type SplitText, splitItems } from "./items.js";
export { longestRunsOf } from "./longest-runs.js";
export { type MarkovScore, markovScores } from "./markov.js";
export { lowestOf } from "./overfitting.js";
export { type PresetName, presets } from "./presets.js";
export type { EpochMetrics, TrainingProgress } from "./progress.js";
export { encodePrompt, namesOf, type UnknownPolicy } from "./prompt.js";
export { readingOptions } from "./reading-options.js";
export type { TrainingText, TrainOptions } from "./run.js";
export { learningRateAt } from "./schedule.js";
export type { TrainingSettings } from "./settings.js";
export {
  expectedOf,
  isInRange,
  type SettingFacts,
  type SettingForm,
  type SettingRange,
  settingsTable,
} from "./settings-table.js";
export { freshState } from "./state.js";
export { createTextJoiner, type TextJoiner, type TextPlace, textSeparator } from "./texts.js";
export { train } from "./train.js";
export { betweenItems, type WriteItemsOptions, type WrittenItem, writeItems } from "./write-items.js";
export type { Context, WriterOptions } from "./writer.js";
