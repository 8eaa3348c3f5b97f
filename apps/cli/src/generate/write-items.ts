// `generate --items`: whole items, side by side, each to its end.
import { type Backend, betweenItems, type WriteItemsOptions, writeItems } from "@charlstm/training";
import type { Vocabulary } from "@charlstm/vectorize";
import { type Io, print, printJson, say } from "../terminal/io.js";

/** The items of one temperature. */
export interface ItemsToWrite extends WriteItemsOptions {
  count: number;
  seed: number;
  maxLength: number;
  /** What is printed before the first. */
  head: string;
}

/** Writes items in their order: each as soon as it is whole and those before it are written. */
export async function printItems(
  io: Io,
  backend: Backend,
  vocabulary: Vocabulary,
  { head, json, ...options }: ItemsToWrite & { json: boolean },
): Promise<void> {
  const { prompt = "", temperature, seed, count } = options;
  const waiting = new Map<number, { text: string; isWhole: boolean }>();
  let [next, cut] = [0, 0];
  for await (const { item, text, isWhole } of writeItems(backend, vocabulary, options)) {
    waiting.set(item, { text, isWhole });
    if (!isWhole) cut++;
    for (let found = waiting.get(next); found !== undefined; found = waiting.get(++next)) {
      waiting.delete(next);
      if (json) await printJson(io, { prompt, temperature, seed: seed + next, ...found });
      else await print(io, `${next === 0 ? head : betweenItems(vocabulary)}${found.text}`);
    }
  }
  if (!json) await print(io, "\n");
  if (cut > 0) {
    say(
      io,
      `${cut} of ${count} did not come to their end: stopped after ${options.maxLength} characters (--max-length)`,
    );
  }
}
