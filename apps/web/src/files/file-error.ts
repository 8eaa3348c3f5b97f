/** Why a file can't be opened, as a sentence for the visitor. */
export class FileError extends Error {
  override readonly name = "FileError";
}
