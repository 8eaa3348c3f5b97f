import { Command } from "commander";
import { connectQueue } from "../queue/connect.js";
import { openStore } from "../queue/open-store.js";
import { work } from "../queue/worker.js";
import { wholeNumber } from "../terminal/arguments.js";
import { type Io, say } from "../terminal/io.js";

interface WorkerFlags {
  queue: string;
  store?: string;
  parallel: number;
  untilIdle?: boolean;
}

/** `charlstm worker` */
export function workerCommand(io: Io): Command {
  return new Command("worker")
    .description("Train the trials of sweeps that wait in a queue, on as many machines as there are.")
    .requiredOption("--queue <address>", "the Redis that has them: redis://host:6379, or rediss:// for TLS")
    .option(
      "--store <place>",
      "where the sweep keeps its runs: the folder or s3://bucket/folder that it was given (default: Redis)",
    )
    .option("--parallel <n>", "trials at a time, each with the threads that its sweep says", wholeNumber(1), 1)
    .option("--until-idle", "end when the queue has been empty for ten seconds, as jobs of a cluster do")
    .action((flags: WorkerFlags) => runWorker(io, flags));
}

async function runWorker(io: Io, { queue, store, parallel, untilIdle = false }: WorkerFlags): Promise<void> {
  const connected = await connectQueue(io, queue);
  try {
    const open = await openStore(io, store, connected);
    say(io, `${connected.shown}: waiting for trials, ${parallel} at a time; runs are kept in ${open.shown}`);
    io.onSignals?.("save");
    await work(io, connected, open, { parallel, untilIdle });
  } finally {
    await connected.close();
  }
}
