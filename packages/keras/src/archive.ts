import { type Unzipped, unzipSync } from "fflate";
import { KerasError } from "./errors.js";

/** Deflate cannot shrink anything further than this. */
const MOST_COMPRESSION = 1032;

/**
 * Unpacks the wanted entries of a zip archive into memory.
 *
 * @throws {KerasError} `CORRUPT_FILE`; `TOO_LARGE` for a zip bomb; `UNSAFE_PATH` when any entry's path leaves its folder.
 */
export function readArchive(bytes: Uint8Array, wanted: readonly string[]): Map<string, Uint8Array> {
  let claimed = 0;
  let unpacked: Unzipped;
  try {
    unpacked = unzipSync(bytes, {
      filter({ name, originalSize, size }) {
        if (leavesFolder(name)) {
          throw new KerasError("UNSAFE_PATH", `the archive has an entry "${name}", a path out of its folder`, { name });
        }
        if (!wanted.includes(name)) return false;
        claimed += originalSize;
        if (originalSize > MOST_COMPRESSION * size || claimed > 16 * bytes.length + 65_536) {
          throw new KerasError(
            "TOO_LARGE",
            `the archive's "${name}" claims ${originalSize} bytes, which a Keras file of ${bytes.length} bytes does not hold`,
            { name, originalSize, size },
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof KerasError) throw error;
    throw new KerasError(
      "CORRUPT_FILE",
      `the archive is damaged (${(error as Error).message}): copy or download the file again`,
      {},
      { cause: error },
    );
  }
  return new Map(Object.entries(unpacked));
}

function leavesFolder(name: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes("..");
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}
