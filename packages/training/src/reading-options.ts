/**
 * How to draw characters for a text that is to be read. Temperature 0.5 alone writes one endless sentence without dialogue: what
 * is rare, full stops and quotation marks among it, loses most by it. A light frequency penalty gives them back, and min-p
 * leaves out what then would become a slip of the pen. Measured in docs/sampling.md.
 */
export const readingOptions = { temperature: 0.5, frequencyPenalty: 0.1, minP: 0.02 } as const;
