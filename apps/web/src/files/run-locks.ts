// Of the tabs that are open one at the most trains a run: it holds the lock of its name.

const prefix = "charlstm run ";

/**
 * Does something with a run while no other tab trains it. Where there are no locks, the work is simply done.
 *
 * @throws {Error} Another tab trains it.
 */
export async function holdingRun(id: string, work: () => Promise<void>): Promise<void> {
  // Insecure pages have none, whatever the types say.
  if (!(navigator.locks as LockManager | undefined)) return work();
  let isWorking = false;
  try {
    await navigator.locks.request(prefix + id, { ifAvailable: true }, (lock) => {
      if (!lock)
        throw new Error("This run is in training in another tab of this browser: pause or stop it there first.");
      isWorking = true;
      return work();
    });
  } catch (error) {
    // Where site data are blocked so are locks; then no two tabs have a run in common.
    const isBlocked = !isWorking && error instanceof DOMException && error.name === "SecurityError";
    if (!isBlocked) throw error;
    await work();
  }
}

/** The runs that are in training, in this tab and all others. */
export async function runsInTraining(): Promise<Set<string>> {
  const { held = [] } = (await (navigator.locks as LockManager | undefined)?.query()) ?? {};
  const names = held.map(({ name = "" }) => name).filter((name) => name.startsWith(prefix));
  return new Set(names.map((name) => name.slice(prefix.length)));
}
