// What a benchmark needs to say how far from the processor's limit the engine runs.
import { EngineError } from "./errors.js";
import { inspectHost } from "./host.js";
import { instantiate } from "./kernels.js";
import { Arena, alignUnits, createMemory } from "./memory.js";
import type { Binding } from "./native/binding.js";
import { loadNative, requireNative } from "./native/load.js";
import { whole } from "./options.js";
import { GRADIENT_ROWS, PANEL } from "./structs.js";
import { type Build, isNativeBuild, type NativeBuild, type Objective } from "./types.js";
import { compile } from "./wasm.js";

/** How fast one build's kernels run here. */
export type KernelSpeed = {
  build: Build;
  /** Multiply-adds of registers alone, in GFLOP/s on one thread: the most this build can do here. */
  peak: number;
  /** GFLOP/s of the three products of a training step: gates, their way back, gradients of the weights. */
  products: { name: "forward" | "backward" | "weights"; gigaflops: number }[];
};

/**
 * Measures the peak and the products of one layer's time steps, interleaved, on this thread. Takes about 20 ms a round.
 *
 * @param options.units Width of the layer, 1 to 8,192. Default 128.
 * @param options.rows Rows of a batch on one thread, 1 to 8,192. Default 64.
 * @param options.rounds Measurements of each, of which the median counts. Default 25.
 * @throws {EngineError} `BAD_OPTION`, `NO_SIMD`, `NO_BUILD`.
 */
export function measureKernels(
  options: { build?: Build | "auto"; units?: number; rows?: number; rounds?: number } = {},
): KernelSpeed {
  const { units = 128, rows = 64, rounds = 25 } = options;
  whole("units", units, 1, 8192);
  whole("rows", rows, 1, 8192);
  whole("rounds", rounds, 1, 1e6);
  const host = inspectHost();
  const native = loadNative(host);
  const wanted = options.build ?? ("binding" in native ? native.builds[0]! : "auto");
  if (wanted !== "auto" && isNativeBuild(wanted)) {
    return measureNative(requireNative(host, wanted), { units, rows, rounds });
  }
  const { build, module } = compile(host, wanted, false);
  const width = alignUnits(units);
  const panels = Math.ceil(rows / PANEL);
  const depth = Math.max(GRADIENT_ROWS, panels * PANEL);
  const arena = new Arena();
  const weights = arena.take(width * width * 16);
  const hidden = arena.take(Math.max(panels * PANEL, depth) * width * 4);
  const gates = arena.take(Math.max(panels * PANEL, depth) * width * 16);
  const memory = createMemory(arena.end, false);
  new Float32Array(memory.buffer).fill(2 ** -10);
  const kernels = instantiate(module, memory);

  // Each is called until it takes a millisecond or so: enough for the clock, and too short for most interruptions.
  const repeat = (operations: number, call: () => void) => {
    const repeats = Math.max(1, Math.round(5e7 / operations));
    return {
      operations: operations * repeats,
      call() {
        for (let time = 0; time < repeats; time++) call();
      },
    };
  };
  const product = 2 * panels * PANEL * width * width * 4;
  const peakRounds = 500_000;
  const works = [
    { name: "peak", operations: 96 * peakRounds, call: () => kernels.peak(weights, peakRounds) },
    { name: "forward", ...repeat(product, () => kernels.multiply(weights, hidden, gates, width, panels, width)) },
    {
      name: "backward",
      ...repeat(product, () => kernels.multiply(weights, gates, hidden, width / 4, panels, width * 4)),
    },
    {
      name: "weights",
      ...repeat(2 * depth * width * width * 4, () =>
        kernels.multiplyGradient(hidden, gates, weights, width, width * 4, 0, depth),
      ),
    },
  ] as const;
  const times = works.map((): number[] => []);
  for (let round = -5; round < rounds; round++) {
    for (const [index, { call }] of works.entries()) {
      new Float32Array(memory.buffer).fill(2 ** -10); // sums that grow without end would overflow
      const start = performance.now();
      call();
      if (round >= 0) times[index]!.push(performance.now() - start);
    }
  }
  const speed = (index: number) => works[index]!.operations / median(times[index]!) / 1e6;
  const products = works.slice(1) as readonly { name: KernelSpeed["products"][number]["name"] }[];
  return { build, peak: speed(0), products: products.map(({ name }, at) => ({ name, gigaflops: speed(at + 1) })) };
}

/**
 * Nanoseconds that the native engine's threads take to meet at a barrier, of which a step has three. Above the count of cores they
 * take turns, and it says little.
 *
 * @param threads 1 to 64.
 * @throws {EngineError} `BAD_OPTION`; `NO_BUILD`: no native library loads here.
 */
export function measureBarrier(threads: number): number {
  whole("threads", threads, 1, 64);
  const native = loadNative(inspectHost());
  if ("reason" in native) throw new EngineError("NO_BUILD", `no native build runs here: ${native.reason}`);
  return median(Array.from({ length: 9 }, () => native.binding.measureBarrier(Float64Array.of(threads))));
}

/** The library times itself. */
function measureNative(
  { binding, build }: { binding: Binding; build: NativeBuild },
  { units, rows, rounds }: { units: number; rows: number; rounds: number },
): KernelSpeed {
  const names = ["peak", "forward", "backward", "weights"] as const;
  const speeds = names.map((): number[] => []);
  for (let round = -5; round < rounds; round++) {
    for (const [index, name] of names.entries()) {
      const speed = binding.measure(build, name, Float64Array.of(units, rows));
      if (round >= 0) speeds[index]!.push(speed);
    }
  }
  const [peak, ...products] = speeds.map(median);
  return {
    build,
    peak: peak!,
    products: products.map((gigaflops, index) => ({ name: names[index + 1] as "forward", gigaflops })),
  };
}

/**
 * Floating-point operations of one training step's products, an addition and a multiplication counting one each: the
 * recurrent and input-side products forward, backward and for the weights, and the head's. A look-up counts nothing.
 */
export function countOperations(shape: {
  vocabularySize: number;
  units: readonly number[];
  rows: number;
  length: number;
  objective: Objective;
}): number {
  const { vocabularySize, units, rows, length, objective } = shape;
  const recurrentSteps = objective === "window" ? length - 1 : length;
  const layers = units.reduce((sum, width, layer) => {
    const below = layer === 0 ? 0 : units[layer - 1]!;
    return sum + 3 * 2 * rows * 4 * width * (width * recurrentSteps + below * length);
  }, 0);
  return layers + 3 * 2 * rows * (objective === "sequence" ? length : 1) * units.at(-1)! * vocabularySize;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
