import { ModelError } from "../errors.js";
import { sizeOf, type TensorSpec } from "./architecture.js";
import type { NamedTensor } from "./types.js";

/** The bytes of tensors, one after another: little-endian float32, row-major. */
export function tensorsToBytes(tensors: readonly NamedTensor[]): Uint8Array {
  const bytes = new Uint8Array(4 * tensors.reduce((size, { values }) => size + values.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const { values } of tensors) {
    for (let index = 0; index < values.length; index++, offset += 4) view.setFloat32(offset, values[index]!, true);
  }
  return bytes;
}

/**
 * Cuts bytes into tensors.
 *
 * @throws {ModelError} `BAD_CHECKPOINT` when there are more or fewer bytes than the specs say; nothing is allocated before.
 */
export function tensorsFromBytes(specs: readonly TensorSpec[], bytes: Uint8Array, file: string): NamedTensor[] {
  const expected = 4 * specs.reduce((size, { shape }) => size + sizeOf(shape), 0);
  if (bytes.length !== expected) {
    const message = `${file} has ${bytes.length} bytes, its arrays need ${expected}`;
    throw new ModelError("BAD_CHECKPOINT", message, { file, given: bytes.length, expected });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  return specs.map(({ name, shape }) => {
    const values = new Float32Array(sizeOf(shape));
    for (let index = 0; index < values.length; index++, offset += 4) values[index] = view.getFloat32(offset, true);
    return { name, shape, values };
  });
}
