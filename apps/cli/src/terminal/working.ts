import { type Io, say } from "./io.js";

/** Milliseconds after which work says what it is. */
export const silentFor = 2000;

/**
 * Waits for work that shows nothing itself: after two seconds a line says what is done, and an abort ends the waiting at once.
 * The work has to let the loop turn; what it holds may outlive the abort by one such turn.
 *
 * @param what In the words of a notice, such as `drawing the report`.
 * @throws `io.signal`'s reason.
 */
export async function working<T>(io: Io, what: string, work: Promise<T>): Promise<T> {
  const notice = setTimeout(() => say(io, `${what}…`), silentFor);
  let stop = () => {};
  try {
    io.signal.throwIfAborted();
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(io.signal.reason);
      io.signal.addEventListener("abort", stop, { once: true });
    });
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(notice);
    io.signal.removeEventListener("abort", stop);
    work.catch(() => {}); // nobody waits for it any more
  }
}
