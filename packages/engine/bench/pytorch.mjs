// How much faster than PyTorch on the same processor is a training step? Interleaved, in one run.
// Usage: node bench/pytorch.mjs [python], with `python3 -m pip install torch` done before.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { interleave, median, NOTEBOOK, prepare, printEnvironment, SEQUENCE, summary, time } from "./support.mjs";

const python = process.argv[2] ?? "python3";
const script = fileURLToPath(new URL("pytorch_step.py", import.meta.url));
const child = spawn(python, [script, "--serve"], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const answer = async () => JSON.parse((await lines.next()).value);

printEnvironment();
console.log(`pytorch ${(await answer()).pytorch}`);
for (const [work, shape] of Object.entries({ "notebook-step": NOTEBOOK, "sequence-step": SEQUENCE })) {
  const runs = await Promise.all([1, 2].map((threads) => prepare({ ...shape, threads })));
  const tasks = [1, 2].flatMap((threads) => [
    () => time(() => runs[threads - 1].engine.trainBatch(runs[threads - 1].batch, 0.001)),
    () => {
      child.stdin.write(`${work} ${threads}\n`);
      return answer();
    },
  ]);
  const [one, theirOne, two, theirTwo] = await interleave(tasks, 20);
  console.log(`\n${work}`);
  console.log(`  1 thread   engine ${summary(one)}   pytorch ${summary(theirOne)}`);
  console.log(`  2 threads  engine ${summary(two)}   pytorch ${summary(theirTwo)}`);
  const best = Math.min(median(theirOne), median(theirTwo));
  const ours = Math.min(median(one), median(two));
  console.log(`  engine's best is ${(best / ours).toFixed(2)}x as fast as pytorch's best`);
  for (const { engine } of runs) await engine.dispose();
}
child.stdin.end();
