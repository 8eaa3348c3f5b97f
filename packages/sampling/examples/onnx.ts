import { createRandom, createSampler } from "@charlstm/sampling";
import { type InferenceSession, Tensor } from "onnxruntime-node"; // onnxruntime-web has the same two

/**
 * Writes on from one id with an ONNX Runtime session that takes an `id`, shape `[1]`, and gives `logits`, shape `[1, V]`.
 */
export async function writeWithOnnx(
  session: InferenceSession,
  first: number,
  length: number,
  seed: number,
): Promise<number[]> {
  const sampler = createSampler({ topK: 40, topP: 0.95, random: createRandom(seed) });
  const ids = [first];
  while (ids.length < length) {
    const id = new Tensor("int64", BigInt64Array.of(BigInt(ids.at(-1)!)), [1]);
    const { logits } = await session.run({ id });
    ids.push(sampler(logits!.data as Float32Array));
  }
  return ids;
}
