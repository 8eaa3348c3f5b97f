// A sweep's text on its way to other machines: once, under its sha256.
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { createVocabulary, decode, encode } from "@charlstm/vectorize";
import { CliError } from "../errors.js";
import type { OpenText } from "../sweep/texts.js";
import type { Store } from "./store.js";

/** Where a text lies in a store. */
export const textName = (sha256: string) => `text/${sha256}`;

/** Puts a text into a store. @returns The sha256 of what stands there, uncompressed. */
export async function putText(store: Store, { text, cleaning }: OpenText): Promise<string> {
  const { ids, vocabulary, origin: _, ...facts } = text;
  const payload = Buffer.from(`${JSON.stringify({ ...facts, cleaning })}\n${decode(ids, vocabulary)}`);
  const sha256 = createHash("sha256").update(payload).digest("hex");
  await store.put(textName(sha256), await promisify(gzip)(payload));
  return sha256;
}

/**
 * Takes a text from a store.
 *
 * @throws {CliError} `TEXT_UNOBTAINABLE` where it is not there, or not what its name says.
 */
export async function getText(store: Store, sha256: string): Promise<OpenText> {
  const bytes = await store.get(textName(sha256));
  if (bytes === undefined) {
    throw new CliError(
      "TEXT_UNOBTAINABLE",
      `the text ${sha256} is not in ${store.shown}: give the worker the --store that the sweep was given`,
    );
  }
  const payload = await promisify(gunzip)(bytes).catch(() => Buffer.alloc(0));
  if (createHash("sha256").update(payload).digest("hex") !== sha256) {
    throw new CliError(
      "TEXT_UNOBTAINABLE",
      `what ${store.shown} has as the text ${sha256} has been changed: begin the sweep anew`,
    );
  }
  const line = payload.indexOf("\n");
  const { cleaning, ...facts } = JSON.parse(payload.toString("utf8", 0, line)) as OpenText["text"] &
    Pick<OpenText, "cleaning">;
  const whole = payload.toString("utf8", line + 1);
  const vocabulary = createVocabulary(whole);
  const origin = { encoding: "utf-8", cuts: [], warnings: [] };
  return { text: { ...facts, ids: encode(whole, vocabulary), vocabulary, origin }, cleaning };
}
