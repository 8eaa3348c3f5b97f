// Checkpoints that somebody made with care: every length and checksum is right, what they say is not.
import { createHash } from "node:crypto";
import { expect } from "vitest";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, isModelError } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";

// biome-ignore lint/suspicious/noExplicitAny: the tests put anything anywhere
type Manifest = any;

export interface Forgery {
  /** Changes what charlstm.json says; may give another value in its place. */
  manifest?: (manifest: Manifest) => unknown;
  /** Changes the other files; their lengths and checksums in charlstm.json follow. */
  files?: (files: Map<string, Uint8Array>) => void;
  /** Changes the text of charlstm.json after its first line. */
  text?: (text: string) => string | Uint8Array;
}

/** Sets what is at a path in JSON; also names that mean something to JavaScript. */
export function setAt(json: object, path: readonly (string | number)[], value: unknown): void {
  const parent = path.slice(0, -1).reduce<object>((object, name) => Reflect.get(object, name) as object, json);
  Object.defineProperty(parent, path.at(-1)!, { value, enumerable: true, configurable: true, writable: true });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export function forge(
  { manifest: changeManifest, files: changeFiles, text: changeText }: Forgery,
  checkpoint: Checkpoint = sampleCheckpoint(),
): Map<string, Uint8Array> {
  const files = encodeCheckpoint(checkpoint);
  const { sha256: _seal, ...manifest } = JSON.parse(new TextDecoder().decode(files.get("charlstm.json")));
  files.delete("charlstm.json");
  changeFiles?.(files);
  for (const [name, bytes] of files) manifest.files[name] = { bytes: bytes.length, sha256: sha256(bytes) };
  const changed = changeManifest?.(manifest) ?? manifest;
  const text = JSON.stringify(changed).slice(1);
  return files.set("charlstm.json", sealed(changeText?.(text) ?? text));
}

/** charlstm.json with its checksum in front. */
function sealed(rest: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(rest);
  return Buffer.concat([Buffer.from(`{"sha256":"${sha256(bytes)}",\n`), bytes]);
}

/** The code with which a forgery is refused, or `read`. */
export function codeOf(forgery: Forgery): string {
  try {
    decodeCheckpoint(forge(forgery));
  } catch (error) {
    if (!isModelError(error)) throw error;
    expect(error.message.length, "length of the message that says what is wrong").toBeGreaterThan(20);
    return error.code;
  }
  return "read";
}
