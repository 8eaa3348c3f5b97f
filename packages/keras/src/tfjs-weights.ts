import type { RawTensor } from "./assemble.js";
import { KerasError } from "./errors.js";
import { halfToNumber } from "./hdf5/datatype.js";
import { arrayOf, type JsonObject, objectOf, stringOf } from "./json.js";

const WIDTHS: Readonly<Record<string, number | undefined>> = { float32: 4, int32: 4, uint16: 2, uint8: 1, float16: 2 };

/**
 * Reads the arrays of a tfjs weights manifest: per group one run of bytes over its files, specs in order.
 *
 * Quantized arrays (uint8, uint16, float16) are widened: `value · scale + min`.
 *
 * @throws {KerasError} `MISSING_WEIGHTS` when a file is not there, `CORRUPT_FILE`, `UNSAFE_PATH`, `UNSUPPORTED_FILE`.
 */
export function readManifest(manifest: unknown, files: ReadonlyMap<string, Uint8Array>): Map<string, RawTensor> {
  const tensors = new Map<string, RawTensor>();
  for (const value of arrayOf(manifest, "weightsManifest")) {
    const group = objectOf(value, "a group of the weights manifest");
    const bytes = join(arrayOf(group.paths, "the manifest's paths").map((path) => fileAt(path, files)));
    let offset = 0;
    for (const entry of arrayOf(group.weights, "the manifest's weights")) {
      const spec = objectOf(entry, "a weight of the manifest");
      const name = stringOf(spec.name, "a weight's name");
      const { tensor, length } = readTensor(bytes.subarray(offset), spec, name);
      tensors.set(name, tensor);
      offset += length;
    }
  }
  return tensors;
}

function fileAt(value: unknown, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const path = stringOf(value, "a path of the manifest");
  if (/^([/\\]|[A-Za-z]+:)/.test(path) || path.split(/[/\\]/).includes("..")) {
    throw new KerasError("UNSAFE_PATH", `the manifest names "${path}", a path out of the model's folder`, { path });
  }
  const file = files.get(path);
  if (!file)
    throw new KerasError("MISSING_WEIGHTS", `the weight file "${path}" is missing beside model.json`, { path });
  return file;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function readTensor(bytes: Uint8Array, spec: JsonObject, name: string): { tensor: RawTensor; length: number } {
  const shape = arrayOf(spec.shape, `the shape of "${name}"`) as number[];
  const quantization = spec.quantization as { dtype?: string; scale?: number; min?: number } | undefined;
  const dtype = quantization?.dtype ?? stringOf(spec.dtype, `the dtype of "${name}"`);
  const width = WIDTHS[dtype];
  if (width === undefined) {
    throw new KerasError("UNSUPPORTED_FILE", `"${name}" is of type ${dtype}, numbers were expected`, { name, dtype });
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || !(count * width <= bytes.length)) {
    throw new KerasError(
      "CORRUPT_FILE",
      `"${name}" has the shape [${shape}], the weight files have ${bytes.length} bytes left: copy all of them again`,
      { name, shape },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, count * width);
  const { scale = 1, min = 0 } = quantization ?? {};
  const read = reader(view, dtype);
  const values = Float32Array.from({ length: count }, (_, index) => read(index) * scale + min);
  return { tensor: { shape, values }, length: count * width };
}

function reader(view: DataView, dtype: string): (index: number) => number {
  switch (dtype) {
    case "float32":
      return (index) => view.getFloat32(4 * index, true);
    case "int32":
      return (index) => view.getInt32(4 * index, true);
    case "uint16":
      return (index) => view.getUint16(2 * index, true);
    case "float16":
      return (index) => halfToNumber(view.getUint16(2 * index, true));
    default:
      return (index) => view.getUint8(index);
  }
}
