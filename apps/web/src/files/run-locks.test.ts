import { afterEach, expect, test, vi } from "vitest";
import { holdingRun, runsInTraining } from "./run-locks.js";

afterEach(() => vi.unstubAllGlobals());

/** Locks as browsers have them, of one page. */
function stubLocks(): void {
  const held = new Set<string>();
  const request = async (name: string, _options: LockOptions, work: (lock: object | null) => Promise<void>) => {
    if (held.has(name)) return work(null);
    held.add(name);
    return work({ name }).finally(() => held.delete(name));
  };
  const query = async () => ({ held: [...held, "another app"].map((name) => ({ name })) });
  vi.stubGlobal("navigator", { locks: { request, query } });
}

test("a run is trained once at a time, and others beside it", async () => {
  stubLocks();
  const done: string[] = [];
  await holdingRun("a", async () => {
    expect(await runsInTraining()).toEqual(new Set(["a"]));
    await expect(holdingRun("a", async () => void done.push("twice"))).rejects.toThrow(/in another tab/);
    await holdingRun("b", async () => void done.push("b"));
  });
  await holdingRun("a", async () => void done.push("a"));
  expect(done).toEqual(["b", "a"]);
  expect(await runsInTraining()).toEqual(new Set());
});

test("where a page has no locks, or may not use them, the work is done; what fails in it fails once", async () => {
  const refuse = () => Promise.reject(new DOMException("insecure", "SecurityError"));
  for (const locks of [undefined, { request: refuse }]) {
    vi.stubGlobal("navigator", { locks });
    let times = 0;
    await holdingRun("a", async () => void times++);
    expect(times).toBe(1);
  }
  stubLocks();
  let times = 0;
  const failing = holdingRun("a", () => {
    times++;
    return refuse();
  });
  await expect(failing).rejects.toThrow("insecure");
  expect(times).toBe(1);
});
