// Sweeps by a queue: several processes on loopback with a real Redis.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryFolder } from "@charlstm/testing";
import { Queue, Worker } from "bullmq";
import { describe, expect, onTestFinished, test } from "vitest";
import { command, filesIn, type Program, start } from "./invoke.js";
import { hasRedis, makeCertificate, redisNote, startRedis, startStandIn, type TestRedis } from "./redis.js";
import { writeBook } from "./texts.js";

const tiny = ["--window", "16", "--batch", "16", "--warmup-steps", "0", "--sample-length", "20", "--held-out", "0.1"];
const search = ["--units", "6,8", "--dropout", "0,0.1,0.2", ...tiny];

/** What a queue may leave in Redis. */
const left = [
  "charlstm:trials:events",
  "charlstm:trials:id",
  "charlstm:trials:meta",
  "charlstm:trials:stalled-check",
  "charlstm:version",
];

function startWorker(folder: string, { url }: Pick<TestRedis, "url">, ...argv: string[]): Program {
  const worker = start(["worker", "--queue", url, ...argv], { folder });
  onTestFinished(() => void worker.child.kill("SIGKILL"));
  worker.outcome.catch(() => {});
  return worker;
}

function startSweep(folder: string, { url }: Pick<TestRedis, "url">, ...argv: string[]): Program {
  const sweep = start(["sweep", ...argv, "--queue", url], { folder });
  onTestFinished(() => void sweep.child.kill("SIGKILL"));
  return sweep;
}

/** The results without what the clock and the place say. */
function resultsOf(folder: string) {
  const lines = readFileSync(join(folder, "sweep.jsonl"), "utf8").trim().split("\n");
  return lines
    .map((line) => {
      const { seconds: _, worker: __, build: ___, ...result } = JSON.parse(line);
      return result as { trial: number; epochs: number; error?: { code: string } };
    })
    .sort((a, b) => a.trial - b.trial || a.epochs - b.epochs);
}

const weightsOf = (folder: string, trial: number) =>
  readFileSync(join(folder, `trial-0${trial}`, "model", "weights.bin")).toString("hex");

/** A folder with a book, and the sweep of it that ran in one process, in `quiet`. */
async function withQuietSweep(...argv: string[]): Promise<string> {
  const folder = temporaryFolder();
  writeBook(folder, 12_000);
  const { code, stderr } = await command(folder, "sweep", "book.txt", ...argv, "--threads", "1", "--out", "quiet");
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return folder;
}

describe.skipIf(!hasRedis)(`by a queue${redisNote}`, { timeout: 180_000 }, () => {
  test("two workers come to the same bits as one process, and leave nothing in Redis but what is listed", async () => {
    const folder = await withQuietSweep(...search, "--epochs", "2");
    const redis = await startRedis();
    const workers = [startWorker(folder, redis), startWorker(folder, redis, "--parallel", "2")];
    const { code, stdout } = await startSweep(folder, redis, "book.txt", ...search, "--epochs", "2", "--out", "queued")
      .outcome;
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").length).toBe(7);
    expect(resultsOf(join(folder, "queued"))).toEqual(resultsOf(join(folder, "quiet")));
    for (const trial of [1, 2, 3, 4, 5, 6])
      expect(weightsOf(join(folder, "queued"), trial)).toBe(weightsOf(join(folder, "quiet"), trial));
    expect(existsSync(join(folder, "queued", "sweep.html"))).toBe(true);
    for (const { child } of workers) child.kill("SIGINT");
    for (const { outcome } of workers) expect((await outcome).code).toBe(130);
    expect((await redis.client.keys("*")).filter((key) => !left.includes(key))).toEqual([]);
  });

  test("promotions of halving go on from the store, in a shared folder too", async () => {
    const argv = [...search, "--epochs", "3", "--halving"];
    const folder = await withQuietSweep(...argv);
    const redis = await startRedis();
    mkdirSync(join(folder, "shared"));
    startWorker(folder, redis, "--store", "shared");
    const { code } = await startSweep(folder, redis, "book.txt", ...argv, "--store", "shared", "--out", "queued")
      .outcome;
    expect(code).toBe(0);
    const quiet = resultsOf(join(folder, "quiet"));
    const same = resultsOf(join(folder, "queued")).filter(({ trial, epochs }) =>
      quiet.some((each) => each.trial === trial && each.epochs === epochs),
    );
    expect(same.length).toBeGreaterThan(6); // whoever is there first is promoted: not all of the rungs need be
    for (const result of same) expect(quiet).toContainEqual(result);
    expect(filesIn(join(folder, "shared"))).toEqual([]);
  });

  test("a worker that is killed loses nothing: the next goes on from its newest checkpoint to the same bits", async () => {
    const long = ["--units", "8,24", ...tiny, "--epochs", "60"];
    const folder = await withQuietSweep(...long);
    const redis = await startRedis();
    const sweep = startSweep(folder, redis, "book.txt", ...long, "--out", "queued");
    const first = startWorker(folder, redis);
    await first.says("trial 1: begins");
    await until(async () => (await redis.client.keys("charlstm:run:*")).length > 0);
    first.child.kill("SIGKILL");
    const second = startWorker(folder, redis);
    await second.says("trial 1: goes on");
    expect((await sweep.outcome).code).toBe(0);
    expect(resultsOf(join(folder, "queued"))).toEqual(resultsOf(join(folder, "quiet")));
    for (const trial of [1, 2])
      expect(weightsOf(join(folder, "queued"), trial)).toBe(weightsOf(join(folder, "quiet"), trial));
  });

  test("a Redis that is killed and started again, and a submitter that is killed and resumed, lose nothing", async () => {
    const argv = [...search, "--epochs", "12"];
    const folder = await withQuietSweep(...argv);
    const redis = await startRedis();
    const worker = startWorker(folder, redis);
    const sweep = startSweep(folder, redis, "book.txt", ...argv, "--out", "queued");
    await sweep.says("(1/6 trials)");
    await redis.restart("SIGKILL");
    await worker.says("is away");
    await sweep.says("(2/6 trials)");
    sweep.child.kill("SIGKILL");
    const { code, stderr } = await startSweep(folder, redis, "--resume", "queued").outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/[2-6] of 6 trials have results/) });
    expect(resultsOf(join(folder, "queued"))).toEqual(resultsOf(join(folder, "quiet")));
  });

  test("Ctrl-C leaves the queue as it is and says how to go on; --cancel takes the trials out", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const redis = await startRedis();
    const worker = startWorker(folder, redis);
    const sweep = startSweep(folder, redis, "book.txt", ...search, "--epochs", "100000", "--out", "s");
    await worker.says("begins");
    await sweep.says("trials out");
    sweep.child.kill("SIGINT");
    const { code, stderr } = await sweep.outcome;
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /The queue stays as it is\. Go on with: .*sweep --resume \S+s --queue ADDRESS; or with --cancel/,
    );
    const isHere = await command(folder, "sweep", "--resume", "s");
    expect(isHere).toMatchObject({ code: 2, stderr: expect.stringContaining("say where it is with --queue") });
    const cancelled = await startSweep(folder, redis, "--resume", "s", "--cancel").outcome;
    expect(cancelled).toMatchObject({ code: 0, stderr: expect.stringContaining("its trials are out of the queue") });
    await until(async () => (await redis.client.keys("charlstm:*")).every((key) => left.includes(key)));
  });

  test("results of another sweep, newer and however many, do not hide those that a resumed one waits for", async () => {
    const folder = temporaryFolder();
    writeBook(folder, 12_000);
    const redis = await startRedis();
    const place = { connection: { url: redis.url, maxRetriesPerRequest: null }, prefix: "charlstm" };
    const queue = new Queue("trials", place);
    onTestFinished(() => queue.close());
    const first = startSweep(folder, redis, "book.txt", ...search, "--epochs", "1", "--out", "queued");
    await until(async () => (await queue.getJobCountByTypes("prioritized")) === 6);
    first.child.kill("SIGKILL");
    await first.outcome;
    const worker = startWorker(folder, redis);
    await until(async () => (await queue.getCompletedCount()) === 6);
    worker.child.kill("SIGKILL");
    await queue.addBulk(
      Array.from({ length: 450 }, (_, trial) => ({ name: "trial", data: { sweep: "other", trial } })),
    );
    const other = new Worker("trials", async () => ({ abandoned: true }), { ...place, concurrency: 50 });
    await until(async () => (await queue.getCompletedCount()) === 456);
    await other.close();
    const { code, stdout } = await startSweep(folder, redis, "--resume", "queued").outcome;
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").length).toBe(7);
  });

  test("a worker that slept while its trial was given on spoils nothing, and works on", async () => {
    const long = ["--units", "8,24", ...tiny, "--epochs", "60"];
    const folder = await withQuietSweep(...long);
    const redis = await startRedis();
    const sweep = startSweep(folder, redis, "book.txt", ...long, "--out", "queued");
    const sleeper = startWorker(folder, redis);
    await sleeper.says("trial 1: begins");
    await until(async () => (await redis.client.keys("charlstm:run:*")).length > 0);
    sleeper.child.kill("SIGSTOP");
    const other = startWorker(folder, redis);
    await other.says("trial 1: goes on");
    sleeper.child.kill("SIGCONT");
    expect((await sweep.outcome).code).toBe(0);
    expect(resultsOf(join(folder, "queued"))).toEqual(resultsOf(join(folder, "quiet")));
    for (const trial of [1, 2])
      expect(weightsOf(join(folder, "queued"), trial)).toBe(weightsOf(join(folder, "quiet"), trial));
    sleeper.child.kill("SIGINT");
    expect((await sleeper.outcome).code).toBe(130);
    expect((await redis.client.keys("charlstm:run:*")).length).toBe(0);
  });

  test("a trial that diverges or does not fit its text fails alone", async () => {
    const argv = [
      "--learning-rate",
      "0.01,1e30",
      "--window",
      "16,100000",
      "--units",
      "6",
      ...tiny.slice(2),
      "--epochs",
      "1",
    ];
    const folder = await withQuietSweep(...argv);
    const redis = await startRedis();
    startWorker(folder, redis);
    const { code, stdout } = await startSweep(folder, redis, "book.txt", ...argv, "--out", "queued").outcome;
    expect(code).toBe(0);
    expect(stdout).toMatch(/failed .*\[DIVERGED\]/);
    expect(resultsOf(join(folder, "queued"))).toEqual(resultsOf(join(folder, "quiet")));
  });
});

describe.skipIf(!hasRedis)(`a queue that will not do${redisNote}`, { timeout: 60_000 }, () => {
  async function both(folder: string, url: string) {
    writeBook(folder);
    const sweep = await command(folder, "sweep", "book.txt", "--units", "6,8", "--queue", url, "--out", "s");
    expect(filesIn(folder)).toEqual(["book.txt"]);
    return [sweep, await command(folder, "worker", "--queue", url)];
  }

  test("is refused by name: no Redis", async () => {
    for (const { code, stderr } of await both(temporaryFolder(), "redis://127.0.0.1:1"))
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/127\.0\.0\.1:1 gives no answer .*\[QUEUE_UNREACHABLE\]/),
      });
  });

  test("is refused by name: another password, or none, which no message repeats", async () => {
    const { url } = await startRedis({ requirepass: "open-sesame" });
    for (const wrong of [url.replace("open-sesame", "open-barley"), url.replace(":open-sesame@", "")]) {
      for (const { code, stderr } of await both(temporaryFolder(), wrong)) {
        expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("[QUEUE_DENIED]") });
        expect(stderr).not.toMatch(/barley|sesame/);
      }
    }
  });

  test("speaks TLS, with a password, to who knows its certificate, and is refused by name to others", async (context) => {
    const tls = makeCertificate();
    if (!tls) return context.skip("no openssl");
    const folder = temporaryFolder();
    writeBook(folder, 12_000);
    const { url } = await startRedis({ requirepass: "open-sesame" }, tls);
    for (const { code, stderr } of await both(folder, url))
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/self-signed certificate.*NODE_EXTRA_CA_CERTS.*\[QUEUE_UNREACHABLE\]/),
      });
    const env = { NODE_EXTRA_CA_CERTS: tls.certificate };
    const worker = start(["worker", "--queue", url, "--until-idle"], { folder, env });
    const argv = ["sweep", "book.txt", "--units", "6,8", ...tiny, "--epochs", "1", "--queue", url, "--out", "sealed"];
    await expect(start(argv, { folder, env }).outcome).resolves.toMatchObject({ code: 0 });
    expect(resultsOf(join(folder, "sealed")).map(({ trial }) => trial)).toEqual([1, 2]);
    worker.child.kill("SIGTERM");
    await worker.outcome;
  });

  test("is refused by name: an old one, and one that throws keys away", async () => {
    const old = await startStandIn({ redis_version: "6.0.16", maxmemory_policy: "noeviction" });
    for (const { code, stderr } of await both(temporaryFolder(), old))
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/is version 6\.0\.16, .* 6\.2 or newer.*\[QUEUE_TOO_OLD\]/),
      });
    const { url } = await startRedis({ "maxmemory-policy": "allkeys-lru" });
    for (const { code, stderr } of await both(temporaryFolder(), url))
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/allkeys-lru.*\[QUEUE_EVICTS\]/) });
  });

  test("is refused by name: trials of another version, but not what one has left behind", async () => {
    const folder = temporaryFolder();
    const redis = await startRedis();
    await redis.client.set("charlstm:version", "0.0.0-other");
    await redis.client.lpush("charlstm:trials:wait", "1");
    for (const { code, stderr } of await both(folder, redis.url))
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/has trials of charlstm 0\.0\.0-other, .*\[QUEUE_VERSION\]/),
      });
    await redis.client.del("charlstm:trials:wait");
    const { code } = await command(folder, "worker", "--queue", redis.url, "--until-idle");
    expect(code).toBe(0);
  });

  test("a worker that cannot get the text gives the trial back and ends, and another does it", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    mkdirSync(join(folder, "shared"));
    const redis = await startRedis();
    const argv = ["book.txt", "--units", "6,8", ...tiny, "--epochs", "1", "--store", "shared", "--out", "s"];
    const sweep = startSweep(folder, redis, ...argv);
    await sweep.says("trials out");
    const wrong = await startWorker(folder, redis).outcome;
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/give the worker the --store .*\[TEXT_UNOBTAINABLE\]/),
    });
    startWorker(folder, redis, "--store", "shared");
    expect((await sweep.outcome).code).toBe(0);
    const nowhere = await command(folder, "worker", "--queue", redis.url, "--store", "nowhere");
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining("[STORE_UNREACHABLE]") });
  });

  test("a store without space ends the worker by name, and the trial goes on once there is some", async () => {
    const folder = temporaryFolder();
    writeBook(folder);
    const redis = await startRedis({ maxmemory: "3mb" });
    const sweep = startSweep(folder, redis, "book.txt", "--units", "128,130", ...tiny, "--epochs", "1", "--out", "s");
    await sweep.says("trials out");
    const worker = await startWorker(folder, redis).outcome;
    expect(worker).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no space left: raise its maxmemory.*\[STORE_FULL\]/),
    });
    await redis.client.config("SET", "maxmemory", "0");
    startWorker(folder, redis);
    expect((await sweep.outcome).code).toBe(0);
  });
});

test("without the packages of a queue, what to install is said", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  const hook = `export async function resolve(name, context, next) {
    if (name === "bullmq") throw Object.assign(new Error("Cannot find package 'bullmq'"), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  }`;
  const register = `import { register } from "node:module"; register("data:text/javascript,${encodeURIComponent(hook)}");`;
  const env = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(register)}"` };
  const { code, stderr } = await start(["worker", "--queue", "redis://127.0.0.1:1"], { folder, env }).outcome;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/npm install bullmq ioredis beside it .*\[PACKAGE_NEEDED\]/),
  });
});

test.each([
  [["sweep", "book.txt", "--units", "6,8", "--store", "x"], "--store is where a queue's runs are kept"],
  [["sweep", "book.txt", "--units", "6,8", "--cancel"], "--cancel is for a sweep that is there"],
  [
    ["sweep", "book.txt", "--units", "6,8", "--parallel", "2", "--queue", "redis://x"],
    "--parallel does not go with --queue",
  ],
  [["worker", "--queue", "localhost:6379"], "--queue has to be an address like redis://host:6379"],
  [["worker"], "--queue"],
])("%j is refused, with what to do", async (argv, words) => {
  const folder = temporaryFolder();
  writeBook(folder);
  expect(await command(folder, ...argv)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(50);
}
