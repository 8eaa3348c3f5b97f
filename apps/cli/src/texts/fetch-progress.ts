import type { FetchProgress } from "@charlstm/corpus";
import type { Io } from "../terminal/io.js";
import { say } from "../terminal/io.js";
import { terminalLine } from "../terminal/terminal-text.js";

/** Shows that a book is being fetched, and how far it is. */
export interface FetchLine {
  show(event: FetchProgress): void;
  /** Clears what is drawn; idempotent. */
  close(): void;
}

// Nothing is silent for longer than two seconds, also where the network is.
const lookEvery = 500;
const silentAtMost = 1_500;

/** One line that is drawn again on a terminal, plain lines elsewhere: a line an address, and one whenever two seconds had none. */
export function createFetchLine(io: Io): FetchLine {
  const draws = io.stderr.isTTY === true;
  let line = "";
  let asked = performance.now();
  let lastLine = 0;
  let isDrawn = false;

  const tell = () => {
    lastLine = performance.now();
    const seconds = Math.round((lastLine - asked) / 1000);
    const text = seconds > 0 ? `${line} (${seconds} s)` : line;
    if (!draws) return say(io, text);
    io.stderr.write(`\r\x1b[K${terminalLine(text).slice(0, (io.stderr.columns ?? 80) - 1)}`);
    isDrawn = true;
  };
  const look = () => {
    if (line !== "" && performance.now() - lastLine >= (draws ? lookEvery : silentAtMost)) tell();
  };
  const timer = setInterval(look, lookEvery);

  return {
    show(event) {
      const { host } = new URL(event.address);
      const isNews = event.type === "request-start" || event.type === "wait-start";
      if (event.type === "request-start") {
        asked = performance.now();
        line = `asking ${draws ? host : event.address}`;
      } else if (event.type === "wait-start") {
        line = `${host} asks for patience: asking again in ${Math.ceil(event.milliseconds / 1000)} s`;
      } else if (event.type === "bytes-read") {
        line = `fetching from ${host}: ${amountOf(event.bytes, event.total)}`;
      }
      if (isNews) tell();
      else look();
    },
    close() {
      clearInterval(timer);
      if (isDrawn) io.stderr.write("\r\x1b[K");
      isDrawn = false;
      line = "";
    },
  };
}

function amountOf(bytes: number, total: number | undefined): string {
  const kilobytes = (count: number) => `${Math.ceil(count / 1000).toLocaleString("en")} kB`;
  return total === undefined ? kilobytes(bytes) : `${kilobytes(bytes)} of ${kilobytes(total)}`;
}
