// How many characters a second do streams make, one or many at a time?
import { interleave, median, prepare, printEnvironment, summary } from "./support.mjs";

printEnvironment();
const { engine } = await prepare({ vocabularySize: 59, units: [128], purpose: "streams", rows: 1, length: 1 });
const counts = [1, 8, 16, 64];
const STEPS = 400;
const tasks = counts.map((count) => {
  const stream = engine.openStream(count);
  const ids = Uint8Array.from({ length: count }, (_, index) => index % 59);
  return async () => {
    const start = performance.now();
    for (let step = 0; step < STEPS; step++) stream.step(ids);
    return performance.now() - start;
  };
});
const times = await interleave(tasks, 30, 10);
for (const [index, count] of counts.entries()) {
  const speed = Math.round((1000 * STEPS * count) / median(times[index]));
  console.log(
    `${String(count).padStart(3)} streams: ${summary(times[index])} for ${STEPS} steps, ${speed} characters/s`,
  );
}
await engine.dispose();
