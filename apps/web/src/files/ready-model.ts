import { type Checkpoint, decodeCheckpoint, fileNames } from "@charlstm/model/checkpoint";
import { assetAddress } from "./asset-address.js";
import { readyFolder } from "./ready.js";

let opened: Promise<Checkpoint> | undefined;

/**
 * The model that comes with the page: fetched when it is first asked for, and once.
 *
 * @throws {Error | ModelError} It could not be loaded, or is broken; the next time it is tried again.
 */
export function loadReady(): Promise<Checkpoint> {
  opened ??= load().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function load(): Promise<Checkpoint> {
  const names = [fileNames.manifest, fileNames.model, fileNames.weights];
  const files = names.map(async (name) => {
    const response = await fetch(assetAddress(`${readyFolder}/${name}`));
    if (!response.ok) {
      throw new Error(`The model that comes with this page could not be loaded (${response.status}): try again.`);
    }
    return [name, new Uint8Array(await response.arrayBuffer())] as const;
  });
  return decodeCheckpoint(new Map(await Promise.all(files)));
}
