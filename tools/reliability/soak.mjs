// Does anything grow while one process trains and generates for an hour?
//
//   pnpm --filter @charlstm/reliability soak --minutes 60 --svg ../../docs/soak.svg
//
// Life after life: train, be aborted, resume from the disk, write, be aborted again, leave nothing behind. Between two lives a text
// that never starts anew goes on, until it has a million characters. Linux only: it counts in /proc.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createEndlessText } from "./soak/endless-text.mjs";
import { findGrowth, takeFigures } from "./soak/figures.mjs";
import { liveOnce } from "./soak/life.mjs";
import { drawFigures } from "./soak/plot.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    characters: { type: "string", default: "1000000" },
    svg: { type: "string" },
    json: { type: "string" },
  },
});
const minutes = Number(values.minutes);
const characters = Number(values.characters);
const perLife = 10_000;

const started = performance.now();
const elapsed = () => (performance.now() - started) / 60_000;
const text = await createEndlessText(characters);
const figures = [];
do {
  const life = await liveOnce(figures.length);
  const written = await text.write(perLife);
  figures.push({ minute: elapsed(), ...life, ...written, ...(await takeFigures()) });
  console.log(JSON.stringify(figures.at(-1)));
} while (elapsed() < minutes);
const last = await text.write(Number.POSITIVE_INFINITY);
await text.end();

if (values.json) writeFileSync(values.json, `${JSON.stringify(figures)}\n`);
if (values.svg) writeFileSync(values.svg, drawFigures(figures));
const growth = findGrowth(figures);
console.log(`${figures.length} lives in ${elapsed().toFixed(1)} minutes, ${last.characters} characters in one stream`);
console.log(`nats per written character: ${text.report()}`);
for (const { name, first, last, flat } of growth) {
  console.log(`${flat ? "flat " : "GROWS"} ${name}: ${first} at first, ${last} at last`);
}
process.exitCode = growth.every(({ flat }) => flat) && last.characters === characters ? 0 : 1;
