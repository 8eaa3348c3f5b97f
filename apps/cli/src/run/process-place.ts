// Where a process runs: ids of processes mean the same only within one place.
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** Two processes see each other's ids when all of this is the same. */
export interface Place {
  host: string;
  /** Changes with each start of the system: containers may share a name, never another machine's start. Linux alone says it. */
  boot?: string | undefined;
  /** The name space of process ids, which a container has of its own. */
  processes?: string | undefined;
}

export async function placeOfThisProcess(): Promise<Place> {
  return {
    host: hostname(),
    boot: await readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
      (id) => id.trim(),
      () => undefined,
    ),
    processes: await readlink("/proc/self/ns/pid").catch(() => undefined),
  };
}

/** When a process began, in ticks since the system's start, where there is a `/proc` (field 22 of `stat`, see proc(5)). */
export async function beginningOf(id: number): Promise<string | undefined> {
  const fields = await readFile(`/proc/${id}/stat`, "utf8").catch(() => undefined);
  // The second field, the program's name in brackets, may hold anything.
  return fields?.slice(fields.lastIndexOf(")") + 2).split(" ")[19];
}
