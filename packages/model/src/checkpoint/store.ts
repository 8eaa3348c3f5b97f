import { isModelError, ModelError } from "../errors.js";
import { decodeCheckpoint, encodeCheckpoint } from "./codec.js";
import type { Checkpoint } from "./types.js";

/** A place for checkpoints, by name: a folder, memory, a browser's database. */
export interface CheckpointStore {
  /** Saves a checkpoint whole or not at all; one of the same name is replaced. */
  save(name: string, checkpoint: Checkpoint): Promise<void>;
  /** @throws {ModelError} `NOT_FOUND`, or why it can't be read. */
  load(name: string): Promise<Checkpoint>;
  /** Names, sorted, numbers in them by their value; also of checkpoints that turn out to be broken. */
  list(): Promise<string[]>;
  /** Removes a checkpoint; nothing happens when there is none of this name. */
  remove(name: string): Promise<void>;
}

/** Bytes of a name in UTF-8: file systems take 255, of which what stands around it while it is written needs some. */
const longestName = 200;

/**
 * Names that are safe in every file system: letters and digits of any script, spaces and some signs. Windows keeps some names for
 * devices, and cuts points and spaces off the end.
 */
export function isName(name: string): boolean {
  return (
    /^[\p{L}\p{N}_([][\p{L}\p{M}\p{N} ._()[\]+,=@#&'!-]{0,99}$/u.test(name) &&
    !/[. ]$/.test(name) &&
    !/^(con|prn|aux|nul|(com|lpt)[\d\u00b9\u00b2\u00b3]) *(\.|$)/i.test(name) &&
    new TextEncoder().encode(name).length <= longestName
  );
}

/** A name for a checkpoint, made of any text: what no name may hold becomes a hyphen, what is too long is cut. */
export function nameFrom(text: string): string {
  const cleaned = text.replace(/[^\p{L}\p{M}\p{N} ._()[\]+,=@#&'!-]+/gu, "-").replace(/^[^\p{L}\p{N}_([]+/u, "");
  const name = [...cleaned]
    .slice(0, longestName / 4)
    .join("")
    .replace(/[. -]+$/, "");
  return isName(name) ? name : `model-${name}`.replace(/-$/, "");
}

/**
 * Refuses names that could leave the store or mean something to a file system.
 *
 * @throws {ModelError} `BAD_NAME`.
 */
export function checkName(name: string): string {
  if (!isName(name)) {
    const message = `${JSON.stringify(name)} is no name for a checkpoint: use up to 100 letters, digits, spaces and signs like . _ - ( ) [ ], beginning with a letter or digit`;
    throw new ModelError("BAD_NAME", message, { name });
  }
  return name;
}

/** Sorts names, and numbers in them by their value: `epoch-9999` comes before `epoch-10000`. */
export function sortNames(names: Iterable<string>): string[] {
  const key = (name: string) => name.replace(/\d+/g, (digits) => digits.padStart(100, "0"));
  return [...names].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The error of a name that a store does not have. */
export function notFound(name: string, where: string): ModelError {
  return new ModelError("NOT_FOUND", `there is no checkpoint ${name} in ${where}: list() names those there are`, {
    name,
    where,
  });
}

/** What a store raises when a checkpoint is there but the system does not let it be read. */
export function unreadable(name: string, where: string, cause: unknown): ModelError {
  const message = `checkpoint ${name} in ${where} can't be read: ${(cause as Error).message}`;
  return new ModelError("UNREADABLE", message, { name, where }, { cause });
}

/** Keeps checkpoints in memory, as the bytes that files would hold. */
export function createMemoryStore(): CheckpointStore {
  const checkpoints = new Map<string, Map<string, Uint8Array>>();
  return {
    async save(name, checkpoint) {
      checkpoints.set(checkName(name), encodeCheckpoint(checkpoint));
    },
    async load(name) {
      const files = checkpoints.get(checkName(name));
      if (!files) throw notFound(name, "memory");
      return decodeCheckpoint(files);
    },
    list: async () => sortNames(checkpoints.keys()),
    async remove(name) {
      checkpoints.delete(checkName(name));
    },
  };
}

/** How often the newest checkpoint is looked for anew. */
const newestAttempts = 20;

/** The newest checkpoint that is whole, and those passed over on the way to it. */
export interface NewestCheckpoint {
  name: string;
  checkpoint: Checkpoint;
  skipped: { name: string; error: ModelError }[];
}

/**
 * Loads the last checkpoint in the order of the names, or the one before it when that one is broken, and so on.
 *
 * @throws {ModelError} `NOT_FOUND` when there is none, or the newest one's error when none is whole.
 */
export async function loadNewest(store: CheckpointStore): Promise<NewestCheckpoint> {
  for (let attempt = 1; ; attempt++) {
    const skipped: NewestCheckpoint["skipped"] = [];
    for (const name of (await store.list()).reverse()) {
      try {
        return { name, checkpoint: await store.load(name), skipped };
      } catch (error) {
        if (!isModelError(error)) throw error;
        skipped.push({ name, error });
      }
    }
    // A run that goes on may have replaced all that were listed by newer ones meanwhile.
    const areGone = skipped.length > 0 && skipped.every(({ error }) => error.code === "NOT_FOUND");
    if (areGone && attempt < newestAttempts) continue;
    const message = "there is no checkpoint yet: the first one is saved when an epoch ends, or minutes into a long one";
    throw skipped[0]?.error ?? new ModelError("NOT_FOUND", message);
  }
}
