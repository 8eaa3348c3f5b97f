export { isSamplingError, SamplingError, type SamplingErrorCode } from "./errors.js";
export { createRandom, type Random, type RandomState } from "./random.js";
export { type SampleOptions, sample, sampleLogits } from "./sample.js";
