import { createInterface } from "node:readline";
import { Interrupted, type Io, say } from "../terminal/io.js";

/**
 * Every line of stdin is a beginning; what is wrong with one is said, and the next one asked for. On a terminal lines can be
 * edited and called back, and Ctrl-C ends the text that is being written; where none is, it ends the session, as Ctrl-D does.
 */
export async function writeInteractively(
  io: Io,
  writeText: (beginning: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const isTerminal = io.stdin.isTTY === true;
  const terminal = isTerminal ? { output: io.stderr, terminal: true, prompt: "> " } : {};
  const lines = createInterface({ input: io.stdin, signal: io.signal, ...terminal });
  let writing: AbortController | undefined;
  let isStopped = false;
  lines.on("SIGINT", () => {
    if (writing) return writing.abort(new Interrupted("SIGINT"));
    isStopped = true;
    lines.close();
  });
  const ask = () => isTerminal && lines.prompt();
  ask();
  for await (const line of lines) {
    if (line !== "") {
      writing = new AbortController();
      const { signal } = writing;
      await writeText(line, AbortSignal.any([io.signal, signal])).catch((error: Error) => {
        if (!io.signal.aborted && !signal.aborted) say(io, error.message);
      });
      writing = undefined;
    }
    io.signal.throwIfAborted();
    ask();
  }
  if (isStopped) throw new Interrupted("SIGINT");
}
