import { expectClose } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import {
  beamSearch,
  createSampler,
  logitsOfProbabilities,
  penalizeRepeats,
  type SamplerOptions,
  sample,
  softmax,
} from "../src/index.js";
import huggingFace from "./fixtures/hugging-face.json" with { type: "json" };
import notebook from "./fixtures/notebook.json" with { type: "json" };
import papers from "./fixtures/papers.json" with { type: "json" };

/** Both sides compute in float64 and only sum in another order. */
const ROUNDING = 1e-12;
/** Hugging Face adds up a beam's log-probabilities in float32. */
const FLOAT32_SCORE = 1e-6;

describe("the notebook's sample()", () => {
  test.each(notebook.cases)("gives the same distribution for $name at temperature $temperature", (row) => {
    const logits = logitsOfProbabilities(row.probabilities);
    const sampler = createSampler({ temperature: row.temperature });
    expectClose(sampler.distribution(logits), row.expected, ROUNDING);
    expectClose(softmax(logits.map((logit) => logit / row.temperature)), row.expected, ROUNDING);
  });

  test.each(notebook.cases)("draws the same ids from the same uniform numbers for $name at $temperature", (row) => {
    const uniforms = notebook.uniforms.values();
    const random = () => uniforms.next().value as number;
    const { probabilities, temperature } = row;
    expect(notebook.uniforms.map(() => sample(probabilities, { temperature, random }))).toEqual(row.draws);
  });
});

describe("the samplers as their papers define them", () => {
  test.each(papers.dry)("DRY with $options (%#)", ({ logits, text, options, expected }) => {
    const sampler = createSampler({ dry: options });
    sampler.observe(text);
    expectClose(sampler.distribution(logits), expected, ROUNDING);
    const penalized = [...logits];
    penalizeRepeats(penalized, text, options);
    expectClose(softmax(penalized), expected, ROUNDING);
  });

  test.each(papers.topNSigma)("top-n-sigma of $n (%#)", ({ logits, n, expected }) => {
    for (const temperature of [1, 0.25]) {
      const distribution = createSampler({ topNSigma: n, temperature }).distribution(logits);
      expect(Array.from(distribution, (p) => p > 0)).toEqual(expected.map((p) => p > 0));
      if (temperature === 1) expectClose(distribution, expected, ROUNDING);
    }
  });

  test.each(papers.xtc)("XTC above $threshold with probability $probability (%#)", ({ logits, expected, ...xtc }) => {
    const { probability, threshold } = xtc;
    const distribution = createSampler({ xtc: { probability, threshold } }).distribution(logits);
    expectClose(distribution, expected, ROUNDING);
  });

  test.each(papers.mirostat.cases)("Mirostat 2 for $target bits at rate $rate", ({ target, rate, ids, limits }) => {
    const uniforms = papers.mirostat.uniforms.values();
    const sampler = createSampler({ mirostat: { target, rate }, random: () => uniforms.next().value as number });
    const limitsHere: number[] = [];
    const idsHere = papers.mirostat.steps.map((logits) => {
      const id = sampler(logits);
      limitsHere.push(sampler.surpriseLimit);
      return id;
    });
    expect(idsHere).toEqual(ids);
    expectClose(limitsHere, limits, ROUNDING);
  });
});

describe("Hugging Face's logits processors", () => {
  test.each(huggingFace.cases)("leave the same probabilities for $name with $options", (row) => {
    const inputs: Record<string, (number | null)[]> = huggingFace.inputs;
    const logits = inputs[row.name]!.map((logit) => logit ?? Number.NEGATIVE_INFINITY);
    const { prompt_length = 0, allowed_this_time: allowedIds, ...options } = row.options as TheirOptions;
    const sampler = createSampler(ourOptions(options));
    sampler.observe(huggingFace.recent.slice(prompt_length));
    const distribution = sampler.distribution(logits, { allowedIds });
    expectClose(distribution, row.expected, ROUNDING);
    expect(Array.from(distribution, (p) => p > 0)).toEqual(row.expected.map((p) => p > 0));
  });

  test.each(huggingFace.beam.searches)("find the same beams with $options", async ({ options, sequences, scores }) => {
    const { table, prompt } = huggingFace.beam;
    const end = "eos_token_id" in options ? [options.eos_token_id] : [];
    const beams = await beamSearch(
      { state: null, logits: table[prompt]! },
      {
        step: (state, id) => ({ state, logits: table[id]! }),
        width: options.num_beams,
        length: options.max_new_tokens,
        endIds: end,
        lengthPenalty: "length_penalty" in options ? options.length_penalty : 1,
      },
    );
    expect(beams.map((beam) => beam.ids)).toEqual(sequences.map((ids) => upToTheEnd(ids, end)));
    if (scores !== null) {
      expectClose(
        beams.map((beam) => beam.score),
        scores,
        FLOAT32_SCORE,
      );
    }
  });
});

interface TheirOptions {
  temperature?: number;
  temperature_last?: boolean;
  top_k?: number;
  top_p?: number;
  min_p?: number;
  typical_p?: number;
  min_keep?: number;
  repetition_penalty?: number;
  suppress_tokens?: number[];
  sequence_bias?: [[id: number], bias: number][];
  prompt_length?: number;
  allowed_this_time?: number[];
}

const ourNames = {
  temperature: "temperature",
  temperature_last: "temperatureLast",
  top_k: "topK",
  top_p: "topP",
  min_p: "minP",
  typical_p: "typicalP",
  min_keep: "minKeep",
  repetition_penalty: "repetitionPenalty",
  suppress_tokens: "bannedIds",
} as const satisfies Record<string, keyof SamplerOptions>;

function ourOptions({ sequence_bias = [], ...theirs }: TheirOptions): SamplerOptions {
  const entries = Object.entries(theirs) as [keyof typeof ourNames, number][];
  const logitBias = new Map(sequence_bias.map(([[id], bias]) => [id, bias]));
  return { ...Object.fromEntries(entries.map(([name, value]) => [ourNames[name], value])), logitBias };
}

/** Theirs are padded after the id that ends a text. */
function upToTheEnd(ids: number[], end: number[]): number[] {
  const at = ids.findIndex((id) => end.includes(id));
  return at < 0 ? ids : ids.slice(0, at + 1);
}
