import type { SamplerOptions } from "@charlstm/sampling";
import type { Vocabulary } from "@charlstm/vectorize";

/**
 * How to draw characters for a text that is to be read: temperature 0.5 alone writes one endless sentence without dialogue, as
 * the rarer characters, full stops and quotation marks among them, lose most by it. A light frequency penalty gives them back.
 * What was measured is in docs/sampling.md.
 */
export function readingOptions(_vocabulary: Vocabulary): Pick<SamplerOptions, "temperature" | "frequencyPenalty"> {
  return { temperature: 0.5, frequencyPenalty: 0.1 };
}
