// Names of folders that are on their way in or out of a store: `.<name>.<process>-<random>.partial` is being written or removed,
// `.<name>.<process>-<random>.old` waits until its successor is in place.
import { randomBytes } from "node:crypto";

/** A folder that is on its way, as its name tells. */
export interface Aside {
  name: string;
  token: string;
  kind: "partial" | "old";
}

/** The saves and removals of this process that have not ended. */
const underWay = new Set<string>();

/** Does `work` with a token that marks its folders as in use. */
export async function withToken<T>(work: (token: string) => Promise<T>): Promise<T> {
  const token = `${process.pid}-${randomBytes(6).toString("hex")}`;
  underWay.add(token);
  try {
    return await work(token);
  } finally {
    underWay.delete(token);
  }
}

export function asideName({ name, token, kind }: Aside): string {
  return `.${name}.${token}.${kind}`;
}

export function parseAside(entry: string): Aside | undefined {
  const [, name, token, kind] = /^\.(.+)\.(\d+-[0-9a-f]{12})\.(partial|old)$/.exec(entry) ?? [];
  return name && token && kind ? { name, token, kind: kind as Aside["kind"] } : undefined;
}

/** Whether the process that made it is gone, or done with it. */
export function isAbandoned({ token }: Aside): boolean {
  const owner = Number.parseInt(token, 10);
  if (owner === process.pid) return !underWay.has(token);
  try {
    process.kill(owner, 0); // sends nothing: it only asks whether the process is there
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Whether an entry is the checkpoint of this name, set aside until its successor is in place. */
export function isOld(aside: Aside | undefined, name: string): boolean {
  return oldName(aside) === name;
}

/** The name of the checkpoint that an entry was, before it was set aside for its successor. */
export function oldName(aside: Aside | undefined): string | undefined {
  return aside?.kind === "old" ? aside.name : undefined;
}
