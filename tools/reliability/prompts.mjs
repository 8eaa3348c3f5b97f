// Does a model write well from any beginning?
//
//   pnpm --filter @charlstm/reliability prompts book.txt other.txt --preset quick --seeds 1,2,3
//   pnpm --filter @charlstm/reliability prompts notebook.txt --recipe notebook
//
// Trains a preset on each text with each seed, then writes 400 characters at temperature 0.5 from 200 prompts: the default one, sentence starts,
// words in capitals, digits, quotation marks, single characters, the middles of words. A text misses when an order-5 Markov model of the book
// is surprised by half a nat more than by the best of those of words, or when fewer than 85 % of its words are the book's.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadCorpus } from "@charlstm/corpus";
import { presetFor } from "@charlstm/training";
import { trial } from "./prompts/trial.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    preset: { type: "string", default: "quick" },
    seeds: { type: "string", default: "1" },
    recipe: { type: "string", default: "gutenberg" },
    threads: { type: "string" },
  },
});
const threads = values.threads && Number(values.threads);

let misses = 0;
for (const file of positionals) {
  const { text } = await loadCorpus(resolve(process.env.INIT_CWD ?? ".", file), { recipe: values.recipe });
  for (const seed of values.seeds.split(",").map(Number)) {
    const result = await trial(text, { ...presetFor(values.preset, [...text].length), seed }, { threads });
    misses += result.misses.length;
    const surprises = result.texts.map(({ surprise }) => surprise).sort((a, b) => a - b);
    const words = result.texts.map(({ realWords }) => realWords).sort((a, b) => a - b);
    const figures = {
      "held out": result.curve.at(-1),
      lowest: Math.min(...result.curve),
      "highest jump": result.highestJump,
      "beginnings: mean": result.beginnings.mean,
      highest: result.beginnings.highest,
      "surprise: best": surprises[0],
      median: surprises[surprises.length >> 1],
      worst: surprises.at(-1),
      "real words: least": words[0],
      "median ": words[words.length >> 1],
    };
    const line = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`);
    console.log(`${file}, ${values.preset}, seed ${seed}, ${result.seconds.toFixed(0)} s: ${line.join(", ")}`);
    console.log(`  ${result.misses.length} of ${result.texts.length} miss`);
    for (const { kind, prompt, surprise, realWords, text: written } of result.misses) {
      const shown = JSON.stringify(`${prompt}|${written.slice(0, 60)}`);
      console.log(`  ${kind}: ${shown} (${surprise.toFixed(2)} nats, ${(100 * realWords).toFixed(0)} % real words)`);
    }
  }
}
process.exitCode = misses > 0 ? 1 : 0;
