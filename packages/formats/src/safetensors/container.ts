// The container: the length of a header, the header as JSON, the arrays one after another.
import { FormatError } from "../errors.js";
import { notAModel } from "../foreign-files.js";
import { bfloatToNumber, halfToNumber } from "../half-precision.js";
import { arrayOf, type JsonObject, objectOf, parseJson, shapeOf, stringOf } from "../json.js";
import type { RawTensor } from "../layers/layout.js";

/** The file: length of the header in 8 bytes, the header as JSON, the arrays. */
export function pack(tensors: ReadonlyMap<string, RawTensor>, metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + 4 * values.length] };
    offset += 4 * values.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + 8 * Math.ceil(json.length / 8); // arrays start at a multiple of 8; the header is padded with spaces
  const bytes = new Uint8Array(start + offset).fill(0x20, 8, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const { values } of tensors.values()) {
    for (let index = 0; index < values.length; index++, at += 4) view.setFloat32(at, values[index]!, true);
  }
  return bytes;
}

export function unpack(bytes: Uint8Array): { header: JsonObject; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= 10 ? view.getBigUint64(0, true) : -1n;
  if (length < 2n || bytes[8] !== 0x7b) {
    throw notAModel(bytes, "otherwise than a safetensors file does: give one that safetensors.torch.save_file wrote");
  }
  if (length > BigInt(bytes.length - 8)) {
    throw new FormatError("CORRUPT_FILE", `the header claims ${length} bytes, the file has ${bytes.length}`, {});
  }
  const end = 8 + Number(length);
  const text = new TextDecoder().decode(bytes.subarray(8, end));
  return { header: parseJson(text, "the safetensors header"), data: bytes.subarray(end) };
}

/** How a number of each type lies in the file: its bytes and how they are read. */
const TYPES: ReadonlyMap<string, { width: number; read: (view: DataView, offset: number) => number }> = new Map([
  ["F64", { width: 8, read: (view, offset) => view.getFloat64(offset, true) }],
  ["F32", { width: 4, read: (view, offset) => view.getFloat32(offset, true) }],
  ["F16", { width: 2, read: (view, offset) => halfToNumber(view.getUint16(offset, true)) }],
  ["BF16", { width: 2, read: (view, offset) => bfloatToNumber(view.getUint16(offset, true)) }],
]);

/** Where an array lies and how it is to be read. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: string;
  readonly begin: number;
  readonly end: number;
}

export function readTensors(header: JsonObject, data: Uint8Array): Map<string, RawTensor> {
  const places = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, spec]) => readPlace(objectOf(spec, `tensor "${name}"`), name, data.length));
  checkOverlaps(places);
  return new Map(places.map((place) => [place.name, readTensor(data, place)]));
}

function readPlace(spec: JsonObject, name: string, length: number): Place {
  const shape = shapeOf(spec.shape, `the shape of "${name}"`);
  const [begin, end] = arrayOf(spec.data_offsets, `the place of "${name}"`) as [number, number];
  const type = stringOf(spec.dtype, `the dtype of "${name}"`);
  const width = TYPES.get(type)?.width;
  if (width === undefined) {
    throw new FormatError("UNSUPPORTED_FILE", `"${name}" is of type ${type}, expected F32, F64, F16 or BF16`, { name });
  }
  const count = shape.reduce((product, size) => product * size, 1);
  const areWhole = Number.isSafeInteger(begin) && Number.isSafeInteger(end);
  if (!areWhole || begin < 0 || end > length || end - begin !== count * width) {
    throw new FormatError("CORRUPT_FILE", `"${name}" does not lie in the file: copy the file again`, { name, shape });
  }
  return { name, shape, type, begin, end };
}

/** Arrays may not share bytes, or a small file could name the same ones a thousand times and take a thousandfold memory. */
function checkOverlaps(places: readonly Place[]): void {
  const filled = places.filter(({ begin, end }) => end > begin).sort((a, b) => a.begin - b.begin);
  for (const [index, place] of filled.entries()) {
    const before = filled[index - 1];
    if (!before || before.end <= place.begin) continue;
    throw new FormatError(
      "CORRUPT_FILE",
      `"${before.name}" and "${place.name}" lie in the same bytes, which safetensors forbids: save the model again`,
      { names: [before.name, place.name] },
    );
  }
}

function readTensor(data: Uint8Array, { shape, type, begin, end }: Place): RawTensor {
  const { width, read } = TYPES.get(type)!;
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin);
  return {
    shape,
    values: Float32Array.from({ length: (end - begin) / width }, (_, index) => read(view, index * width)),
  };
}
