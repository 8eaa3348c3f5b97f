import CRC32 from "crc-32";
import { type Unzipped, unzipSync, zipSync } from "fflate";
import { FormatError } from "./errors.js";

/** Deflate cannot shrink anything further than this. */
const MOST_COMPRESSION = 1032;

/**
 * Unpacks the wanted entries of a zip archive into memory.
 *
 * @throws {FormatError} `CORRUPT_FILE`; `TOO_LARGE` for a zip bomb; `UNSAFE_PATH` when any entry's path leaves its folder.
 */
export function readArchive(bytes: Uint8Array, wanted: readonly string[]): Map<string, Uint8Array> {
  let claimed = 0;
  let unpacked: Unzipped;
  try {
    unpacked = unzipSync(bytes, {
      filter({ name, originalSize, size }) {
        if (leavesFolder(name)) {
          throw new FormatError("UNSAFE_PATH", `the archive has an entry "${name}", a path out of its folder`, {
            name,
          });
        }
        if (!wanted.includes(name)) return false;
        claimed += originalSize;
        if (originalSize > MOST_COMPRESSION * size || claimed > 16 * bytes.length + 65_536) {
          throw new FormatError(
            "TOO_LARGE",
            `the archive's "${name}" claims ${originalSize} bytes, which a Keras file of ${bytes.length} bytes does not hold`,
            { name, originalSize, size },
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(
      "CORRUPT_FILE",
      `the archive is damaged (${(error as Error).message}): copy or download the file again`,
      {},
      { cause: error },
    );
  }
  const checksums = readChecksums(bytes);
  for (const [name, content] of Object.entries(unpacked)) {
    if (checksums.get(name) === CRC32.buf(content) >>> 0) continue;
    throw new FormatError(
      "CORRUPT_FILE",
      `the archive's "${name}" is damaged, its checksum does not match: copy or download the file again`,
      { name },
    );
  }
  return new Map(Object.entries(unpacked));
}

/** Zip entries carry a time; a fixed one makes the same files the same bytes (zip cannot say less than 1980). */
const EPOCH = new Date(1980, 0, 1);

/** Files as one zip archive, uncompressed, since weights hardly shrink; the same files are the same bytes. */
export function zipFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return zipSync(Object.fromEntries(files), { level: 0, mtime: EPOCH }) as Uint8Array<ArrayBuffer>;
}

/** The names of all entries. */
export function archiveNames(bytes: Uint8Array): string[] {
  return [...readChecksums(bytes).keys()];
}

/** The CRC-32 of each entry, from the directory at the archive's end; the library that unpacks does not look at them. */
function readChecksums(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const checksums = new Map<string, number>();
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  let at = end < 0 ? bytes.length : view.getUint32(end + 16, true);
  while (at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50) {
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    checksums.set(new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)), view.getUint32(at + 16, true));
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return checksums;
}

function leavesFolder(name: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes("..");
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}
