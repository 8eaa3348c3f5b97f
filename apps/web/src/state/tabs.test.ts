import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Tabs = typeof import("./tabs.js");

beforeEach(() => {
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("document", { addEventListener: () => {} });
});
afterEach(() => vi.unstubAllGlobals());

/** A tab of the browser: the module by itself. Node's channels are those of a page; tabs of earlier tests are still open. */
async function openTab(): Promise<Tabs> {
  vi.resetModules();
  const tab = await import("./tabs.js");
  tab.followTabs(() => {});
  return tab;
}

test("a run that one tab trains is refused to another until it ends, and other runs are not", async () => {
  const [one, other] = [await openTab(), await openTab()];
  await one.claim("a", true);
  await expect.poll(() => [...other.elsewhere.value]).toEqual(["a"]);
  await expect(other.claim("a", false)).rejects.toThrow(/in another tab/);
  await other.claim("b", false);
  one.release();
  await expect.poll(() => [...other.elsewhere.value]).toEqual([]);
  await other.claim("a", false);
  await expect.poll(() => [...one.elsewhere.value]).toContain("a");
});

test("of two tabs that ask for a run at once one gets it", async () => {
  const [one, other] = [await openTab(), await openTab()];
  const answers = await Promise.allSettled([one.claim("c", false), other.claim("c", false)]);
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a tab that opens hears what others train, and one that went without a word is not waited for", async () => {
  const one = await openTab();
  await one.claim("d", true);
  const other = await openTab();
  await expect.poll(() => [...other.elsewhere.value]).toContain("d");
  // Still believed to train a run that nobody answers for.
  other.elsewhere.value = new Set(["e"]);
  await other.claim("e", false);
  expect([...other.elsewhere.value]).toEqual([]);
});

test("where site data are blocked a run is everybody's own", async () => {
  vi.stubGlobal("BroadcastChannel", function refuse() {
    throw new DOMException("insecure", "SecurityError");
  });
  await (await openTab()).claim("a", false);
});
