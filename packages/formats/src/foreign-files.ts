import { FormatError } from "./errors.js";

const PYTORCH =
  "a PyTorch file (.pt, .pth), which can run code when it is opened and is never opened here: " +
  "save the weights in Python with safetensors.torch.save_file(model.state_dict(), 'model.safetensors')";

const SAVED_MODEL =
  "a SavedModel (saved_model.pb), which keeps operations instead of layers: load it in Keras 2 or tf_keras and save it with " +
  "model.save('model.h5')";

/** How files begin that people take for models of this kind: text, or bytes with `undefined` for any; what they are, and the way out. */
const BEGINNINGS: readonly (readonly [start: RegExp | readonly (number | undefined)[], what: string])[] = [
  [[0x80, 0x02], PYTORCH],
  [[0x80, 0x04], PYTORCH],
  [
    [...Array.from({ length: 4 }, () => undefined), ...letters("TFL3")],
    "a TensorFlow Lite file, which keeps operations instead of layers: import the Keras model it was converted from",
  ],
  [letters("GGUF"), "a GGUF file of llama.cpp, which holds a transformer: no LSTM can come of it"],
  [[0x93, ...letters("NUMPY")], "a NumPy array (.npy): save the whole model in Keras with model.save('model.keras')"],
  [[0x1f, 0x8b], "compressed with gzip: unpack it first (gunzip)"],
  [/^version https:\/\/git-lfs/, "a pointer of Git LFS in place of the file: fetch the file itself (git lfs pull)"],
  [/^\s*<(!doctype|html|\?xml)/i, "a web page: the download gave a page instead of the file, download it again"],
  [[0x08, 0x01, 0x12], SAVED_MODEL],
  [
    /^\s*[{[]/,
    "JSON: a tfjs model is imported by the name model.json, with its weight files beside it; what model.to_json() wrote holds no weights",
  ],
];

/** A `ModelProto` begins with its version, from 3 on, and then another of its fields. */
function isOnnx([first, version = 0, next = 0]: Uint8Array): boolean {
  return first === 0x08 && version >= 3 && version <= 32 && [0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42].includes(next);
}

function letters(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

/** The refusal of bytes that begin like no model file, with what they are where that can be told. */
export function notAModel(bytes: Uint8Array, expected: string): FormatError {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  const begins = (start: RegExp | readonly (number | undefined)[]) =>
    start instanceof RegExp ? start.test(text) : start.every((byte, at) => byte === undefined || byte === bytes[at]);
  const known = isOnnx(bytes)
    ? "an ONNX file, which keeps operations instead of layers: import the model it was exported from (.h5, .keras or safetensors)"
    : BEGINNINGS.find(([start]) => begins(start))?.[1];
  const length = bytes.length;
  const what =
    length === 0 ? "the file is empty" : known ? `the file is ${known}` : `the ${length} bytes start ${expected}`;
  return new FormatError("NOT_A_MODEL", what, { length });
}

/** The refusal of an archive that is no .keras file, by the names in it. */
export function notAKerasArchive(names: readonly string[]): FormatError {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const reason = has(/(^|\/)data\.pkl$/)
    ? `the file is ${PYTORCH}`
    : has(/\.npy$/)
      ? "the file is a NumPy archive (.npz), arrays without a model: save the whole model in Keras with model.save('model.keras')"
      : has(/(^|\/)saved_model\.pb$/)
        ? `the archive holds ${SAVED_MODEL}`
        : has(/(^|\/)(model|charlstm|manifest)\.json$/)
          ? "the archive holds the files of a model: unpack it and name the folder"
          : "the archive is no .keras file: it lacks config.json or model.weights.h5 (weights as .npz are not read)";
  return new FormatError("NOT_A_MODEL", reason, { entries: names.slice(0, 20) });
}
