import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EpochSamples } from "./report-data.js";

/** Files that are open at the same time. */
const atOnce = 32;

/** The texts of every epoch that has some, and which files could not be read as such. */
export async function readSamples(folder: string): Promise<{ samples: EpochSamples[]; notes: string[] }> {
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => /^epoch_\d+\.txt$/.test(name)) : [];
  const samples: EpochSamples[] = [];
  const notes: string[] = [];
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce);
    const texts = await Promise.all(some.map((name) => readFile(join(folder, name), "utf8")));
    texts.forEach((text, index) => {
      const parsed = parseSampleFile(text);
      if (parsed) samples.push(parsed);
      else notes.push(`${some[index]} does not hold an epoch's samples and is left out.`);
    });
  }
  return { samples: samples.sort((a, b) => a.epoch - b.epoch), notes };
}

/** Reads what `writeSampleFile` lays out as the notebook does; `undefined` for anything else. */
export function parseSampleFile(text: string): EpochSamples | undefined {
  const head = /^Epoch: (\d+)\nGenerating with seed:\n/.exec(text);
  if (!head) return undefined;
  const rest = text.slice(head[0].length);
  const blockHeads = [...rest.matchAll(/\n-{50}\nTemperature: (\d+(?:\.\d+)?(?:e[+-]?\d+)?)\n/g)];
  const first = blockHeads[0];
  const epoch = Number(head[1]);
  if (!first) return rest.endsWith("\n") ? { epoch, prompt: rest.slice(0, -1), texts: [] } : undefined;
  const prompt = rest.slice(0, first.index);
  // A text may hold such lines itself, but what follows them there is hardly the prompt.
  const heads = blockHeads.filter((match) => rest.startsWith(prompt, match.index + match[0].length));
  const texts = heads.map((match, index) => {
    const end = heads[index + 1]?.index ?? (rest.endsWith("\n") ? rest.length - 1 : rest.length);
    return {
      temperature: Number(match[1]),
      text: rest.slice(match.index + match[0].length + prompt.length, Math.max(end, 0)),
    };
  });
  return { epoch, prompt, texts };
}
