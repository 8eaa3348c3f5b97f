import type { Build } from "@charlstm/engine";
import { countOperations } from "@charlstm/engine/benchmark";
import { checkAgreement, type Difference } from "./agreement.js";
import { createProfile, type Profile } from "./profile.js";
import type { PyTorch } from "./pytorch.js";
import { nameOf, type Rival } from "./rival.js";
import type { Rivals } from "./rivals.js";
import { engineStep, tfjsStep } from "./steps.js";
import { engineStream, tfjsStream, tfjsWindow } from "./streams.js";
import { interleave, median, spread } from "./timing.js";
import { isStep, type StepWork, type StreamWork, type Work, type WorkName } from "./works.js";

/** How fast one rival does one work. */
export interface Row {
  work: WorkName;
  backend: string;
  build?: Build;
  method?: NonNullable<Rival["method"]>;
  threads: number;
  /** Of one step; of one character of each stream. */
  medianMs: number;
  /** Half the distance between the quartiles. */
  spreadMs: number;
  /** The least disturbed of them. */
  fastestMs: number;
  /** Times that the median is of. */
  samples: number;
  /** Read in training, all rows and streams together. */
  charactersPerSecond: number;
  /** How many times the engine's best median this one is. */
  ratio: number;
  /** Of a step's products. */
  gigaflops?: number;
  /** The engine's: `gigaflops` as a share of the peak of its build on that many threads. */
  shareOfPeak?: number;
}

export interface Comparison {
  rows: Row[];
  /** The largest differences from the engine's own choice before anything was timed. */
  agreement: ({ work: WorkName; rival: string } & Difference)[];
  profile?: Profile | undefined;
  /** Each build of the engine against PyTorch, both with the count of threads that suits them best. */
  best: Best[];
}

export interface Best {
  work: WorkName;
  build: Build;
  threads: number;
  medianMs: number;
  /** PyTorch; for AVX2 held to AVX2 where the processor has more. */
  rival: PyTorch["name"];
  rivalThreads: number;
  rivalMs: number;
  /** How many times as fast as the rival the build is. */
  times: number;
}

/**
 * Times every rival at one work, one after the other in turns.
 *
 * @throws {CliError} `RESULTS_DIFFER`.
 */
export async function compare(work: Work, options: Rivals): Promise<Comparison> {
  const rivals: Rival[] = [];
  const profile = isStep(work) ? await createProfile(work, options) : undefined;
  try {
    for await (const rival of isStep(work) ? stepRivals(work, options) : streamRivals(work, options))
      rivals.push(rival);
    const agreement = await checkAll(work, rivals, options.signal);
    const times = await interleave([...rivals, ...(profile?.turns ?? [])], options.signal);
    const measured = profile?.read(times.slice(rivals.length));
    const rows = rowsOf(work, rivals, times, measured);
    return { rows, agreement, profile: measured, best: bestOf(rows) };
  } finally {
    await profile?.dispose();
    for (const rival of rivals) await rival.dispose();
  }
}

async function* stepRivals(work: StepWork, { builds, threads, tfjs, pytorch, brain, patience }: Rivals) {
  for (const build of builds) {
    for (const count of threads) yield await engineStep(work, build, count, patience);
  }
  for (const each of pytorch) yield* await each.steps(work, threads.slice(0, 2), patience);
  for (const name of tfjs) yield await tfjsStep(work, name, patience);
  if (brain) yield brain.step(work, patience);
}

async function* streamRivals(work: StreamWork, { builds, tfjs, patience }: Rivals) {
  for (const build of builds) yield await engineStream(work, build, patience);
  for (const name of tfjs) {
    yield await tfjsStream(work, name, patience);
    if (work.count === 1) yield await tfjsWindow(work, name, patience);
  }
}

async function checkAll(work: Work, rivals: readonly Rival[], signal: AbortSignal): Promise<Comparison["agreement"]> {
  const agreement: Comparison["agreement"] = [];
  const [reference, ...others] = rivals;
  const expected = await reference!.check();
  for (const rival of others) {
    signal.throwIfAborted();
    const name = nameOf(rival);
    for (const difference of checkAgreement(name, await rival.check(), expected)) {
      agreement.push({ work: work.name, rival: `${name} ${rival.threads}`, ...difference });
    }
  }
  return agreement;
}

function rowsOf(work: Work, rivals: readonly Rival[], times: readonly number[][], profile?: Profile): Row[] {
  const medians = rivals.map((_, index) => median(times[index]!));
  const best = Math.min(...medians.filter((_, index) => rivals[index]!.build === rivals[0]!.build));
  const characters = isStep(work) ? work.rows * work.length : work.count;
  return rivals.map((rival, index) => {
    const { backend, build, method, threads } = rival;
    const medianMs = medians[index]!;
    const gigaflops = isStep(work) ? operationsOf(work) / medianMs / 1e6 : undefined;
    const peak = profile?.kernels.find((kernel) => kernel.build === build)?.peak;
    return {
      ...{ work: work.name, backend, threads, medianMs },
      ...(build && { build }),
      ...(method && { method }),
      ...{ charactersPerSecond: (1000 * characters) / medianMs, ratio: medianMs / best },
      ...{ spreadMs: spread(times[index]!), fastestMs: Math.min(...times[index]!), samples: times[index]!.length },
      ...(gigaflops && { gigaflops }),
      ...(gigaflops && peak && { shareOfPeak: gigaflops / (peak * threads) }),
    };
  });
}

function bestOf(rows: readonly Row[]): Best[] {
  const fastest = (is: (row: Row) => boolean) =>
    rows
      .filter(is)
      .reduce<Row | undefined>((best, row) => (best && best.medianMs <= row.medianMs ? best : row), undefined);
  const builds = new Set(rows.flatMap(({ build }) => build ?? []));
  return [...builds].flatMap((build) => {
    const ours = fastest((row) => row.build === build)!;
    const held = build === "avx2" ? fastest(({ backend }) => backend === "pytorch-avx2") : undefined;
    const theirs = held ?? fastest(({ backend }) => backend === "pytorch");
    if (!theirs) return [];
    return {
      ...{ work: ours.work, build, threads: ours.threads, medianMs: ours.medianMs },
      ...{ rival: theirs.backend as PyTorch["name"], rivalThreads: theirs.threads, rivalMs: theirs.medianMs },
      times: theirs.medianMs / ours.medianMs,
    };
  });
}

export function operationsOf({ architecture, rows, length, objective }: StepWork): number {
  return countOperations({ ...architecture, rows, length, objective });
}
