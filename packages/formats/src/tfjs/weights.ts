import { FormatError } from "../errors.js";
import { halfToNumber } from "../half-precision.js";
import { arrayOf, type JsonObject, objectOf, optionalNumber, shapeOf, shown, stringOf } from "../json.js";
import type { RawTensor } from "../layers/layout.js";

/** How a number of each type lies in the file: its bytes and how they are read. */
const TYPES: ReadonlyMap<string, { width: number; read: (view: DataView, offset: number) => number }> = new Map([
  ["float32", { width: 4, read: (view, offset) => view.getFloat32(offset, true) }],
  ["int32", { width: 4, read: (view, offset) => view.getInt32(offset, true) }],
  ["uint16", { width: 2, read: (view, offset) => view.getUint16(offset, true) }],
  ["uint8", { width: 1, read: (view, offset) => view.getUint8(offset) }],
  ["float16", { width: 2, read: (view, offset) => halfToNumber(view.getUint16(offset, true)) }],
]);

/**
 * Reads the arrays of a tfjs weights manifest: per group one run of bytes over its files, specs in order.
 *
 * Quantized arrays (uint8, uint16, float16) are widened: `value · scale + min`.
 *
 * @throws {FormatError} `MISSING_WEIGHTS` when a file is not there, `CORRUPT_FILE`, `UNSAFE_PATH`, `UNSUPPORTED_FILE`.
 */
export function readManifest(manifest: unknown, files: ReadonlyMap<string, Uint8Array>): Map<string, RawTensor> {
  const tensors = new Map<string, RawTensor>();
  const unread = new Map(files);
  for (const value of arrayOf(manifest, "weightsManifest")) {
    const group = objectOf(value, "a group of the weights manifest");
    const bytes = join(arrayOf(group.paths, "the manifest's paths").map((path) => takeFile(path, unread, files)));
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

/** A file's bytes, once: a manifest that named one a thousand times would take a thousandfold memory. */
function takeFile(value: unknown, unread: Map<string, Uint8Array>, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const path = stringOf(value, "a path of the manifest");
  if (/^([/\\]|[A-Za-z]+:)/.test(path) || path.split(/[/\\]/).includes("..")) {
    throw new FormatError("UNSAFE_PATH", `the manifest names "${path}", a path out of the model's folder`, { path });
  }
  const file = unread.get(path);
  unread.delete(path);
  if (file) return file;
  if (files.has(path)) throw new FormatError("CORRUPT_FILE", `the manifest names "${path}" more than once`, { path });
  throw new FormatError("MISSING_WEIGHTS", `the weight file "${path}" is missing beside model.json`, { path });
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
  const shape = shapeOf(spec.shape, `the shape of "${name}"`);
  const quantization = objectOf(spec.quantization ?? {}, `the quantization of "${name}"`);
  const dtype = quantization.dtype ?? stringOf(spec.dtype, `the dtype of "${name}"`);
  const type = TYPES.get(dtype as string);
  if (!type) {
    throw new FormatError("UNSUPPORTED_FILE", `"${name}" is of type ${shown(dtype)}, numbers were expected`, {
      name,
      dtype,
    });
  }
  const { width, read } = type;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count * width > bytes.length) {
    throw new FormatError(
      "CORRUPT_FILE",
      `"${name}" has the shape [${shape}], the weight files have ${bytes.length} bytes left: copy all of them again`,
      { name, shape },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, count * width);
  const [scale, min] = [optionalNumber(quantization.scale) ?? 1, optionalNumber(quantization.min) ?? 0];
  const values = Float32Array.from({ length: count }, (_, index) => read(view, index * width) * scale + min);
  return { tensor: { shape, values }, length: count * width };
}
