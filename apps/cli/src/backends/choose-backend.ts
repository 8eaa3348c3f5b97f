// `--backend auto`: what trains a run fastest on this machine.
import type { Backend, Batch, EngineBackendOptions } from "@charlstm/training";
import { idArray } from "@charlstm/vectorize";
import { commandLine } from "../terminal/invocation.js";
import type { Io } from "../terminal/io.js";
import { type BackendName, backendNames, createBackend, isNative } from "./backends.js";
import { findNative, type NativePackage, nativeNames, probeNative } from "./native-tfjs.js";
import { time } from "./time.js";

/** A choice and the reason for it, in one line. */
export interface Choice {
  name: BackendName;
  reason: string;
}

export interface ChooseOptions {
  /** The backend that a resumed run began with: it keeps to it, since another rounds differently. */
  began?: string | undefined;
  /** Milliseconds of a training step. Default: the fastest of a few on the run's own batch size. */
  measure?: (backend: Backend, signal: AbortSignal) => Promise<number>;
}

/** Steps and time that a backend gets to show what it can do. */
const mostSteps = 5;
const mostMs = 1000;

/** A rival must be a tenth faster: a short trial is no exacter than that. */
const advantage = 0.9;

/**
 * Chooses what trains a run: the engine, or an installed tfjs-node or tfjs-node-gpu where a short trial shows it faster (with a
 * GPU and a wide model it can be). tfjs-cpu and tfjs-wasm are no candidates: the engine is tens of times faster.
 */
export async function chooseBackend(
  io: Io,
  options: EngineBackendOptions,
  { began, measure = measureStep }: ChooseOptions = {},
): Promise<Choice> {
  const kept = backendNames.find((name) => name === began);
  if (kept && !isNative(kept)) return { name: kept, reason: "as the run began" };
  const installed = nativeNames.toReversed().flatMap((name) => findNative(name, io) ?? []);
  const { rival, device, failures } = await firstThatLoads(io, installed, kept);
  if (!rival) {
    const why = failures.length > 0 ? failures.join("; ") : "neither tfjs-node nor tfjs-node-gpu is installed";
    return { name: "engine", reason: kept ? `the run began with ${kept}, but ${why}` : `nothing to measure: ${why}` };
  }
  if (rival.name === kept) return { name: kept, reason: "as the run began" };

  const times: { name: BackendName; ms: number; shown: string }[] = [];
  for (const name of ["engine", rival.name] as const) {
    const backend = await createBackend(name, options, io);
    try {
      const ms = await measure(backend, io.signal);
      const shown = `${name === "engine" ? name : `${name} on the ${device}`} ${ms < 100 ? ms.toPrecision(3) : Math.round(ms)} ms`;
      times.push({ name, ms, shown });
    } finally {
      await backend.dispose();
    }
  }
  const [engine, other] = times;
  const { name } = other!.ms < advantage * engine!.ms ? other! : engine!;
  const steps = times.map(({ shown }) => shown).join(", ");
  return { name, reason: [`a step in a short trial took ${steps}`, ...failures].join("; ") };
}

/** Only one of them fits into a process, so the first that loads is the one to try: the run's own, then the GPU's. */
async function firstThatLoads(io: Io, installed: readonly NativePackage[], kept: string | undefined) {
  const failures: string[] = [];
  const keptFirst = installed.toSorted((a, b) => Number(b.name === kept) - Number(a.name === kept));
  for (const rival of keptFirst) {
    const probe = await probeNative(rival, io.signal);
    if (!("error" in probe)) return { rival, device: probe.device.toUpperCase(), failures };
    failures.push(`${rival.name} is installed but does not load (${commandLine(io, "doctor")} says why)`);
  }
  return { failures };
}

/** The fastest of a few steps on a batch of the run's size, after one that warms up. */
async function measureStep(backend: Backend, signal: AbortSignal): Promise<number> {
  const batch = trialBatch(backend.options);
  const step = async () => {
    signal.throwIfAborted();
    return time(() => backend.trainBatch(batch, 0));
  };
  await step();
  const times: number[] = [];
  for (let spent = 0; times.length < mostSteps && spent < mostMs; spent += times.at(-1)!) times.push(await step());
  return Math.min(...times);
}

function trialBatch({ architecture, objective, rows }: Backend["options"]): Batch {
  const { vocabularySize, window: length } = architecture;
  const ids = (count: number) => idArray(vocabularySize, count).map((_, index) => (7 * index) % vocabularySize);
  const targets = ids(objective === "sequence" ? rows * length : rows);
  return { inputs: ids(rows * length), targets, rows, length };
}
