// Where the engine's threads come from; none is started here, as workers run what is built.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { inspectBuilds } from "./builds.js";
import type { Core } from "./core.js";
import { inspectHost } from "./host.js";
import { type EngineOptions, readOptions } from "./options.js";
import { listParameters } from "./parameters.js";
import { ThreadPool } from "./thread-pool.js";
import { isNativeBuild } from "./types.js";
import { createWasmCore } from "./wasm-core.js";

const cores: Core[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await Promise.all(cores.splice(0).map((core) => core.dispose()));
});

const small: EngineOptions = { vocabularySize: 5, units: [4], rows: 80, length: 3 };

/** What computes on a machine that is told to be another. */
async function coreOn(change: object, options: EngineOptions = small): Promise<Core> {
  const settings = readOptions(options);
  const parameters = listParameters(settings.vocabularySize, settings.units);
  const core = await createWasmCore({ ...inspectHost(), ...change }, settings, parameters);
  cores.push(core);
  return core;
}

/** Takes the place of the threads, and keeps what they would have been started with. */
const withoutThreads = () =>
  vi.spyOn(ThreadPool, "start").mockResolvedValue({ dispose: async () => {} } as unknown as ThreadPool);

describe("a batch is shared", () => {
  beforeEach(() => void withoutThreads());

  test("by the threads that the processor has, in the fastest build", async () => {
    const core = await coreOn({ parallelism: 3 });
    const fastest = inspectBuilds().builds.find((build) => !isNativeBuild(build));
    expect([core.threads, core.build]).toEqual([3, fastest]);
  });

  test("by eight at most unless more are asked for, and by no more than it has eights of rows", async () => {
    expect((await coreOn({ parallelism: 64 })).threads).toBe(8);
    expect((await coreOn({ parallelism: 64 }, { ...small, threads: 9 })).threads).toBe(9);
    expect((await coreOn({ parallelism: 64 }, { ...small, rows: 17 })).threads).toBe(3);
  });

  test("by as many as are asked for, but not where memory cannot be shared", async () => {
    expect((await coreOn({ parallelism: 1 }, { ...small, threads: 2 })).threads).toBe(2);
    expect((await coreOn({ canShare: false, canWait: false }, { ...small, threads: 2 })).threads).toBe(1);
  });
});

/** A host whose memory is given to one thread alone, or not at all. */
function refuseMemory(isRefused: (shared: boolean) => boolean): void {
  class Memory extends WebAssembly.Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      if (isRefused(descriptor.shared === true)) throw new RangeError("could not allocate memory");
      super(descriptor);
    }
  }
  vi.stubGlobal("WebAssembly", Object.create(WebAssembly, { Memory: { value: Memory } }));
}

test("where no memory is given that threads share, one thread has some of its own, and computes", async () => {
  refuseMemory((shared) => shared);
  const core = await coreOn({}, { ...small, threads: 2 });
  expect(core.threads).toBe(1);
  const batch = { inputs: new Uint8Array(9), targets: new Uint8Array(3), rows: 3, length: 3 };
  // All weights are zero: each of five characters is as likely as the others.
  expect((await core.score(batch)).loss).toBeCloseTo(3 * Math.log(5), 5);
});

test("where none is given at all, the error says how much was needed", async () => {
  refuseMemory(() => true);
  for (const threads of [1, 2]) {
    await expect(coreOn({}, { ...small, threads })).rejects.toMatchObject({
      code: "OUT_OF_MEMORY",
      message: expect.stringMatching(/needs 1 MiB of WebAssembly memory, which this host does not give: use fewer/),
      cause: expect.any(RangeError),
    });
  }
});

test("another error of a host is not taken for a lack of memory", async () => {
  vi.spyOn(ThreadPool, "start").mockRejectedValue(new TypeError("no workers here"));
  await expect(coreOn({})).rejects.toThrow(TypeError);
});

test.each([
  ["of a tenth of a second and more leaves the engine's thread free", [256], 0.2, true],
  ["that is short has the engine's thread do its share", [64], 0.0125, false],
])("a call %s", async (_, units, seconds, isLong) => {
  const start = withoutThreads();
  const options = { vocabularySize: 5, units, rows: 64, length: 40, threads: 2 };
  // Each weight of the recurrent kernel is multiplied with three times a character, at some 10 billion operations a second.
  expect((6 * 4 * units[0]! ** 2 * 64 * 40) / 2 / 1e10).toBeCloseTo(seconds, 2);
  await coreOn({}, { ...options, purpose: "scoring" });
  expect(start.mock.calls.map(([given]) => given.isLong)).toEqual([isLong]);
});
