import { CorpusError } from "../errors.js";
import type { Platform } from "./platform.js";

/** No files, and no cache but the browser's own. */
export const browserPlatform: Platform = {
  async readPath(path) {
    throw new CorpusError(
      "NEEDS_NODE",
      `a browser cannot read the path "${path}": read the file with an <input type="file"> and pass { text }`,
      { path },
    );
  },
  async openCache(folder) {
    if (folder === undefined) return undefined;
    throw new CorpusError("NEEDS_NODE", "a browser has no folders: leave cacheFolder out", { cacheFolder: folder });
  },
  openNetwork: async () => ({ fetch: (input, init) => globalThis.fetch(input, init), close: async () => {} }),
  opensResponses: false,
};
