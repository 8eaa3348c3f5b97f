import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { collectBytes } from "../collect-bytes.js";
import { CorpusError, isCorpusError } from "../errors.js";
import { openFolderCache } from "./folder-cache.js";
import { openNodeNetwork } from "./node-network.js";
import type { Platform } from "./platform.js";

/** Files, and a cache in the user's cache folder. */
export const nodePlatform: Platform = {
  async readPath(path, { sizeLimit, signal }) {
    try {
      if ((await stat(path)).isDirectory()) {
        throw new CorpusError("NOT_A_FILE", `"${path}" is a folder: give a text file in it`, { path });
      }
      // A stream, as a pipe or device has no size to ask for.
      return await collectBytes(createReadStream(path, { signal }), { sizeLimit, what: `"${path}"`, signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw isCorpusError(error) ? error : unreadable(path, error);
    }
  },
  openCache: openFolderCache,
  openNetwork: openNodeNetwork,
  opensResponses: true,
};

function unreadable(path: string, cause: unknown): CorpusError {
  const systemCode = (cause as NodeJS.ErrnoException).code;
  if (systemCode === "ENOENT" || systemCode === "ENOTDIR") {
    return new CorpusError("NOT_FOUND", `there is no file "${path}": check the path`, { path }, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CorpusError("UNREADABLE", `cannot read "${path}": ${reason}`, { path, systemCode }, { cause });
}
