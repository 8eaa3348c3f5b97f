import { isZip } from "./archive.js";
import { notAModel } from "./foreign-files.js";
import { readKerasH5 } from "./h5/read.js";
import { isHdf5 } from "./hdf5/read.js";
import { readKerasV3 } from "./keras/read.js";
import type { ImportedModel } from "./portable-model.js";
import { checkReadOptions, type ReadOptions } from "./read-options.js";

/**
 * Reads a Keras model, `.h5` or `.keras`; the content tells which, not the name.
 *
 * Nothing in the file is run: a Lambda layer is refused like any other foreign layer.
 *
 * @param options.config The structure of a model whose file holds weights alone (`.weights.h5`, `save_weights`): what
 *   `model.to_json()` writes.
 * @param options.window Characters of a window. Default: the file's, else 60 with a warning.
 * @throws {FormatError} `NOT_A_MODEL`, `CORRUPT_FILE`, `TOO_LARGE`, `UNSAFE_PATH`, `UNSUPPORTED_FILE`,
 *   `UNSUPPORTED_LAYER`, `UNSUPPORTED_ACTIVATION`, `MISSING_WEIGHTS`, `BAD_SHAPE`, `BAD_OPTION`.
 */
export function readKeras(bytes: Uint8Array, options: ReadOptions = {}): ImportedModel {
  checkReadOptions(options, ["window", "config"]);
  if (isHdf5(bytes)) return readKerasH5(bytes, options);
  if (isZip(bytes)) return readKerasV3(bytes, options);
  throw notAModel(bytes, "neither as HDF5 (.h5) nor as a zip archive (.keras): give a file that Keras saved");
}
