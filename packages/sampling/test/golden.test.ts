import { expectClose } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import {
  beamSearch,
  createSampler,
  logitsOfProbabilities,
  type SamplerOptions,
  sample,
  softmax,
} from "../src/index.js";
import huggingFace from "./fixtures/hugging-face.json" with { type: "json" };
import notebook from "./fixtures/notebook.json" with { type: "json" };

/** Both sides compute in float64 and only sum in another order. */
const ROUNDING = 1e-12;
/** Hugging Face adds up a beam's log-probabilities in float32. */
const FLOAT32_SCORE = 1e-6;

describe("the notebook's sample()", () => {
  test.each(notebook.cases)("gives the same distribution for $name at temperature $temperature", (row) => {
    const sampler = createSampler({ input: "probabilities", temperature: row.temperature });
    expectClose(sampler.distribution(row.probabilities), row.expected, ROUNDING);
    const logits = logitsOfProbabilities(row.probabilities).map((logit) => logit / row.temperature);
    expectClose(softmax(logits), row.expected, ROUNDING);
  });

  test.each(notebook.cases)("draws the same ids from the same uniform numbers for $name at $temperature", (row) => {
    const uniforms = notebook.uniforms.values();
    const random = () => uniforms.next().value as number;
    const { probabilities, temperature } = row;
    expect(notebook.uniforms.map(() => sample(probabilities, { temperature, random }))).toEqual(row.draws);
  });
});

describe("Hugging Face's logits processors", () => {
  test.each(huggingFace.cases)("leave the same probabilities for $name with $options", (row) => {
    const inputs: Record<string, (number | null)[]> = huggingFace.inputs;
    const logits = inputs[row.name]!.map((logit) => logit ?? Number.NEGATIVE_INFINITY);
    const sampler = createSampler(ourOptions(row.options));
    sampler.observe(huggingFace.recent);
    const distribution = sampler.distribution(logits);
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

type TheirOptions = (typeof huggingFace.cases)[number]["options"];

const ourNames = {
  temperature: "temperature",
  top_k: "topK",
  top_p: "topP",
  min_p: "minP",
  typical_p: "typicalP",
  repetition_penalty: "repetitionPenalty",
  suppress_tokens: "bannedIds",
} as const satisfies Record<string, keyof SamplerOptions>;

function ourOptions(theirs: TheirOptions): SamplerOptions {
  const entries = Object.entries(theirs) as [keyof typeof ourNames, number][];
  return Object.fromEntries(entries.map(([name, value]) => [ourNames[name], value]));
}

/** Theirs are padded after the id that ends a text. */
function upToTheEnd(ids: number[], end: number[]): number[] {
  const at = ids.findIndex((id) => end.includes(id));
  return at < 0 ? ids : ids.slice(0, at + 1);
}
