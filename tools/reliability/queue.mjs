// Sweeps by a queue, measured and mistreated: `pnpm --filter @charlstm/reliability queue [rate] [clock] [cost] [wide] [gather] [chaos] [many]`. Needs a
// redis-server; takes some minutes each. Everything is on this machine, by loopback.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readNovel } from "@charlstm/novel";
import { charlstm, computing, resultsOf, startRedis, weightsOf } from "./queue/processes.mjs";

const folder = mkdtempSync(join(tmpdir(), "charlstm-queue-"));
writeFileSync(join(folder, "book.txt"), readNovel().slice(30_000, 230_000));
const port = Number(process.env.CHARLSTM_REDIS_PORT ?? 7400);

/** `count` trials that differ in dropout and rate. */
const trials = (count, units, epochs) => [
  ...["book.txt", "--units", String(units), "--dropout", "0:0.4", "--learning-rate", "0.002~0.01"],
  ...["--trials", String(count), "--epochs", String(epochs), "--sample-length", "100"],
];
/** Trials of two seconds on a core, of a wider network, and of moments. */
const short = (count) => trials(count, 64, 3);
const wide = (count) => trials(count, 128, 3);
const tiny = (count) => trials(count, 16, 2);

async function ok(process) {
  const outcome = await process.outcome;
  if (outcome.code !== 0) throw new Error(outcome.stderr);
  return outcome;
}

const seconds = (from) => (performance.now() - from) / 1000;

/** Seconds of a sweep by so many workers, which are there when it begins. */
async function byQueue(name, argv, count) {
  const redis = await startRedis(join(folder, `redis-${name}`), port);
  const workers = Array.from({ length: count }, () => charlstm(folder, "worker", "--queue", redis.url));
  await Promise.all(workers.map(({ says }) => says("waiting for trials")));
  const cpu = await redisSeconds(redis);
  const began = performance.now();
  const sweep = charlstm(folder, "sweep", ...argv, "--queue", redis.url, "--out", name);
  await sweep.says("trials out");
  await ok(sweep);
  const took = seconds(began);
  const spent = (await redisSeconds(redis)) - cpu;
  for (const { child } of workers) child.kill("SIGTERM");
  await Promise.all(workers.map(({ outcome }) => outcome));
  await redis.stop();
  return { took, spent };
}

async function redisSeconds({ ask }) {
  const info = await ask("info", "cpu");
  return [...info.matchAll(/used_cpu_(?:sys|user):([\d.]+)/g)].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Seconds of the same sweep in one process, with one thread. */
async function inProcess(name, argv) {
  const began = performance.now();
  await ok(charlstm(folder, "sweep", ...argv, "--threads", "1", "--out", name));
  return seconds(began);
}

async function cost(kind, some, [few, many]) {
  const spent = { alone: [], queue: [], redis: [] };
  for (const count of [few, many]) {
    const name = `cost-${kind}-${count}`.replaceAll(/\W+/g, "-");
    spent.alone.push(
      await computing(folder, "sweep", ...some(count), "--threads", "1", "--out", `${name}-alone`).spent,
    );
    const redis = await startRedis(join(folder, `redis-${name}`), port);
    const before = await redisSeconds(redis);
    const sweep = computing(folder, "sweep", ...some(count), "--queue", redis.url, "--out", name);
    await sweep.says("trials out");
    const worker = computing(folder, "worker", "--queue", redis.url, "--until-idle");
    const [own, home] = await Promise.all([worker.spent, sweep.spent]);
    spent.redis.push((await redisSeconds(redis)) - before);
    spent.queue.push(own + home + spent.redis.at(-1));
    await redis.stop();
  }
  // Between the two counts, so that what each process costs once is not in it.
  const [alone, queue, redis] = ["alone", "queue", "redis"].map(
    (name) => (spent[name][1] - spent[name][0]) / (many - few),
  );
  console.log(
    `trials of ${kind}: ${alone.toFixed(3)} s each in one process, ${queue.toFixed(3)} s by the queue, ` +
      `${(1000 * redis).toFixed(2)} ms of it in Redis: ${(1000 * (queue - alone)).toFixed(0)} ms more`,
  );
}

const parts = {
  /** Trials an hour by workers. */
  async rate() {
    const count = 24;
    const alone = await inProcess("rate-alone", short(count));
    console.log(`${count} trials in one process: ${alone.toFixed(1)} s, ${Math.round((3600 * count) / alone)} an hour`);
    for (const workers of [1, 2, 4]) {
      const { took } = await byQueue(`rate-${workers}`, short(count), workers);
      console.log(`${workers} workers: ${took.toFixed(1)} s, ${Math.round((3600 * count) / took)} trials an hour`);
    }
  },

  /** Seconds on the clock for trials of half a minute, in turns, as a machine is quicker now and then; one with nothing else to do. */
  async clock() {
    const [count, turns] = [2, 3];
    const argv = trials(count, 128, 12);
    const [alone, queued] = [[], []];
    for (let turn = 1; turn <= turns; turn++) {
      alone.push(await inProcess(`clock-alone-${turn}`, argv));
      queued.push((await byQueue(`clock-${turn}`, argv, 1)).took);
      console.log(
        `${count} trials: ${alone.at(-1).toFixed(1)} s in one process, ${queued.at(-1).toFixed(1)} s by a worker`,
      );
    }
    const [one, other] = [alone, queued].map((all) => all.sort((a, b) => a - b)[1]);
    console.log(`medians: ${((100 * (other - one)) / one).toFixed(1)} % more by a worker`);
  },

  /** Seconds of computing that the queue adds to a trial: of all processes together, so that other work on the machine counts little. */
  cost: () => cost("16 units, 2 epochs", tiny, [10, 70]),
  wide: () => cost("128 units, 3 epochs", wide, [2, 6]),

  /** How long the submitter takes to take a trial home: all are done while it sleeps. */
  async gather() {
    const count = 60;
    const redis = await startRedis(join(folder, "redis-gather"), port);
    const sweep = charlstm(folder, "sweep", ...tiny(count), "--queue", redis.url, "--out", "gathered");
    await sweep.says("trials out");
    sweep.child.kill("SIGSTOP");
    await ok(charlstm(folder, "worker", "--queue", redis.url, "--until-idle"));
    const bytes = Number(
      (await redis.ask("strlen", (await redis.ask("keys", "charlstm:run:*")).split("\n")[0])).trim(),
    );
    const began = performance.now();
    sweep.child.kill("SIGCONT");
    await sweep.says(`(${count}/${count} trials)`);
    const each = (1000 * seconds(began)) / count;
    console.log(`taking ${count} trials home: ${each.toFixed(1)} ms each; a run has ${bytes} bytes`);
    await ok(sweep);
    await redis.stop();
  },

  /** Workers killed every ten seconds, Redis killed twice: against the quiet run. */
  async chaos() {
    const count = 200;
    await ok(charlstm(folder, "sweep", ...short(count), "--threads", "1", "--parallel", "2", "--out", "quiet"));
    console.log("the quiet run is done");
    const redis = await startRedis(join(folder, "redis-chaos"), port);
    const worker = () => charlstm(folder, "worker", "--queue", redis.url);
    const workers = [worker(), worker(), worker(), worker()];
    const began = performance.now();
    const sweep = charlstm(folder, "sweep", ...short(count), "--queue", redis.url, "--out", "chaos");
    let isDone = false;
    const done = ok(sweep).finally(() => (isDone = true));
    let [kills, stops, restarts] = [0, 0, 0];
    for (let turn = 1; !isDone; turn++) {
      await Promise.race([pause(10_000), done]);
      if (isDone) break;
      const place = turn % workers.length;
      if (turn % 5 === 0) {
        // A machine that sleeps for longer than its lock holds, and wakes up.
        const { child } = workers[place];
        child.kill("SIGSTOP");
        setTimeout(() => child.kill("SIGCONT"), 25_000).unref();
        stops++;
      } else {
        workers[place].child.kill("SIGKILL");
        workers[place].child.kill("SIGCONT");
        workers[place] = worker();
        kills++;
      }
      if (turn === 4 || turn === 9) {
        await redis.restart();
        restarts++;
      }
    }
    await done;
    const took = seconds(began);
    for (const { child } of workers) child.kill("SIGCONT");
    for (const { child } of workers) child.kill("SIGTERM");
    await Promise.all(workers.map(({ outcome }) => outcome));
    const [quiet, chaos] = ["quiet", "chaos"].map((name) => resultsOf(join(folder, name)));
    let same = 0;
    for (const [trial, { result }] of quiet) {
      const isSame = chaos.get(trial)?.result === result;
      if (isSame && weightsOf(join(folder, "quiet"), trial).equals(weightsOf(join(folder, "chaos"), trial))) same++;
    }
    console.log(
      `${count} trials in ${took.toFixed(0)} s; ${kills} workers killed, ${stops} asleep for 25 s, Redis killed ${restarts} times`,
    );
    console.log(`${chaos.size} results, each once; ${same} equal to the quiet run's, weights too`);
    console.log(`left in Redis: ${(await redis.ask("keys", "*")).trim().split("\n").sort().join(", ")}`);
    await redis.stop();
  },

  /** Ten thousand trials in the queue. */
  async many() {
    const redis = await startRedis(join(folder, "redis-many"), port);
    const memory = async () => Number(/used_memory:(\d+)/.exec(await redis.ask("info", "memory"))[1]);
    const before = await memory();
    const began = performance.now();
    const sweep = charlstm(folder, "sweep", ...tiny(10_000), "--queue", redis.url, "--out", "many");
    await sweep.says("to their end");
    const listed = seconds(began);
    await sweep.says("trials out");
    const out = seconds(began);
    const used = (await memory()) - before;
    console.log(`10,000 trials: listed after ${listed.toFixed(1)} s, in the queue after ${out.toFixed(1)} s`);
    console.log(`Redis holds ${(used / 1e6).toFixed(1)} MB, ${Math.round(used / 10_000)} bytes a trial`);
    sweep.child.kill("SIGINT");
    await sweep.outcome;
    const taken = performance.now();
    await ok(charlstm(folder, "sweep", "--resume", "many", "--queue", redis.url, "--cancel"));
    console.log(
      `taken out again in ${seconds(taken).toFixed(1)} s; left: ${(await redis.ask("keys", "*")).trim().split("\n").sort().join(", ")}`,
    );
    await redis.stop();
  },
};

console.log(`node ${process.version}, ${cpus()[0].model} x ${cpus().length}`);
const asked = process.argv.slice(2);
try {
  for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
