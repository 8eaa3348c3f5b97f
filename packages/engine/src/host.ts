// What this program runs in. Node's modules are asked for at run time, so bundlers for browsers meet no `node:` import.

export type Host = {
  /** `node:worker_threads` in Node. */
  readonly workerThreads: typeof import("node:worker_threads") | undefined;
  /** `node:v8` in Node. */
  readonly v8: typeof import("node:v8") | undefined;
  /** `node:module`, `node:fs`, `node:os` in Node. */
  readonly module: typeof import("node:module") | undefined;
  readonly fs: typeof import("node:fs") | undefined;
  readonly os: typeof import("node:os") | undefined;
  /** Whether memory can be shared with workers: in Node, and in pages that are cross-origin isolated. */
  readonly canShare: boolean;
  /** Whether this thread may wait for others: not the main thread of a page. */
  readonly canWait: boolean;
  /** Threads that the processor can run at once. */
  readonly parallelism: number;
};

export function inspectHost(): Host {
  const getBuiltinModule = nodesModules();
  const canShare = canShareMemory();
  return {
    workerThreads: getBuiltinModule?.("node:worker_threads"),
    v8: getBuiltinModule?.("node:v8"),
    module: getBuiltinModule?.("node:module"),
    fs: getBuiltinModule?.("node:fs"),
    os: getBuiltinModule?.("node:os"),
    canShare,
    canWait: canShare && mayWait(),
    parallelism: getBuiltinModule?.("node:os").availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1,
  };
}

/** What gives Node's own modules, in Node. */
function nodesModules(): typeof process.getBuiltinModule | undefined {
  return globalThis.process?.versions?.node ? globalThis.process.getBuiltinModule : undefined;
}

/**
 * Whether memory can be shared with workers here, without which an engine has one thread: in Node, and in pages that are cross-origin
 * isolated. WebKitGTK says that a page is, and has no shared memory; so it is tried.
 */
export function canShareMemory(): boolean {
  if (nodesModules()) return true;
  if (globalThis.crossOriginIsolated !== true) return false;
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
