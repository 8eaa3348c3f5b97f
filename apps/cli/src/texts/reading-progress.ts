import { type Io, say } from "../terminal/io.js";

/** Shows that texts are being read, and how far it is. */
export interface ReadingProgress {
  /** Says that so many texts, of so many bytes, have been read. */
  show(texts: number, bytes: number): void;
  /** Clears what is drawn; idempotent. */
  close(): void;
}

// A text that takes long itself comes before the next look at the clock.
const silentAtMost = 1500;
const drawEvery = 200;

/** One line that is drawn again on a terminal; elsewhere a line whenever two seconds had none. */
export function createReadingProgress(io: Io, total: number): ReadingProgress {
  const draws = io.stderr.isTTY === true;
  let last = performance.now();
  let isDrawn = false;
  return {
    show(texts, bytes) {
      const now = performance.now();
      if (now - last < (draws ? drawEvery : silentAtMost)) return;
      last = now;
      const line = `reading ${texts.toLocaleString("en")} of ${total.toLocaleString("en")} texts, ${Math.round(bytes / 1e6)} MB`;
      if (!draws) return say(io, line);
      io.stderr.write(`\r\x1b[K${line.slice(0, (io.stderr.columns ?? 80) - 1)}`);
      isDrawn = true;
    },
    close() {
      if (isDrawn) io.stderr.write("\r\x1b[K");
      isDrawn = false;
    },
  };
}
