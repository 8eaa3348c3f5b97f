// How close to the processor's limit do the products run, and the whole step?
import { countOperations, measureKernels } from "@charlstm/engine/benchmark";
import { interleave, median, NOTEBOOK, prepare, printEnvironment, SEQUENCE, summary, time } from "./support.mjs";

printEnvironment();
const share = (part, whole) => `${part.toFixed(1)} GFLOP/s (${Math.round((100 * part) / whole)} %)`;
for (const build of ["simd", "relaxed-simd"]) {
  const { peak, products } = measureKernels({ build });
  console.log(`\n${build}: peak ${peak.toFixed(1)} GFLOP/s a thread`);
  for (const { name, gigaflops } of products) console.log(`  ${name.padEnd(10)} ${share(gigaflops, peak)}`);
  for (const [name, shape] of Object.entries({ "notebook step": NOTEBOOK, "sequence step": SEQUENCE })) {
    const runs = await Promise.all([1, 2].map((threads) => prepare({ ...shape, build, threads })));
    const tasks = runs.map(
      ({ engine, batch }) =>
        () =>
          time(() => engine.trainBatch(batch, 0.001)),
    );
    const times = await interleave(tasks, 20);
    for (const [index, { engine }] of runs.entries()) {
      const speed = countOperations(shape) / median(times[index]) / 1e6;
      const characters = Math.round((1000 * shape.rows * shape.length) / median(times[index]));
      console.log(
        `  ${name}, ${engine.threads} thread${engine.threads > 1 ? "s" : " "}: ${summary(times[index])}, ` +
          `${share(speed, peak * engine.threads)}, ${characters} characters/s, ` +
          `${(median(times[0]) / median(times[index])).toFixed(2)}x one thread`,
      );
      await engine.dispose();
    }
  }
}
