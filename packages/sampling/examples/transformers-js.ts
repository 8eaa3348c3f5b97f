import { createRandom, createSampler } from "@charlstm/sampling";

/** What this example needs of `@huggingface/transformers`: `AutoModelForCausalLM` gives such a model. */
export type CausalModel<Inputs> = (
  inputs: Inputs,
) => Promise<{ logits: { dims: readonly number[]; data: ArrayLike<number> } }>;

/**
 * Writes on from token ids with a model of `@huggingface/transformers`, whose logits have shape `[1, T, V]`: the next
 * token's are the last row.
 *
 * @param inputsOf The model's inputs for the ids so far: `{ input_ids, attention_mask }`, int64 tensors of shape `[1, T]`.
 */
export async function writeWithTransformers<Inputs>(
  model: CausalModel<Inputs>,
  inputsOf: (ids: readonly number[]) => Inputs,
  prompt: readonly number[],
  length: number,
  seed: number,
): Promise<number[]> {
  const sampler = createSampler({ temperature: 0.8, minP: 0.05, repetitionPenalty: 1.1, random: createRandom(seed) });
  sampler.observe(prompt);
  const ids = [...prompt];
  while (ids.length < length) {
    const { logits } = await model(inputsOf(ids));
    const vocabularySize = logits.dims.at(-1)!;
    ids.push(sampler(Array.prototype.slice.call(logits.data, -vocabularySize)));
  }
  return ids;
}
