// What a queue carries, from one worker to ten thousand: `pnpm --filter @charlstm/reliability queue-simulation`. The costs are those
// that queue.mjs measured; docs/beyond-one-machine.md has the table.
import { createRandom } from "@charlstm/sampling";
import { costs, spread } from "./queue/measured.mjs";
import { simulate } from "./queue/simulate.mjs";

const stores = { "Redis over 1 Gbit/s": 1.1e8, "a store of 10 GB/s": 1e10 };

for (const seconds of [3, 30, 300]) {
  for (const [store, wire] of Object.entries(stores)) {
    console.log(
      `\ntrials of ${seconds} s, a checkpoint of ${costs.bytes / 1e6} MB every ${costs.checkpointEvery} s, ${store}`,
    );
    console.log("workers  trials/hour  training  Redis   wire  submitter");
    for (const workers of [1, 10, 100, 1000, 3000, 10_000]) {
      const trials = Math.max(2000, 10 * workers);
      const lengths = spread.map((share) => share * seconds);
      const {
        perHour,
        busy,
        redis,
        wire: carried,
        submitter,
      } = simulate({
        ...{ workers, lengths, trials, costs: { ...costs, wire }, random: createRandom(1) },
      });
      const shares = [busy, redis, carried, submitter].map((share) => `${(100 * share).toFixed(1)} %`.padStart(8));
      console.log(
        `${String(workers).padStart(7)}  ${Math.round(perHour).toLocaleString("en").padStart(11)}  ${shares.join(" ")}`,
      );
    }
  }
}
