import { spawn } from "node:child_process";
import { once } from "node:events";
import { buffer, text } from "node:stream/consumers";
import { CliError } from "../errors.js";
import { builtFile } from "../files/built-file.js";

/** A picture takes a third of a second; a process that hangs must not keep a finished training from its end. */
const patienceMs = 30_000;

export interface PictureOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds that drawing may take. Default 30,000. */
  timeout?: number;
  /** The program that draws, which reads an SVG and writes a PNG. */
  program?: string;
}

/**
 * Draws an SVG as PNG, with the one typeface that comes with the program: what the machine has installed plays no part.
 *
 * @throws {CliError} `PICTURE_FAILED`, with what the process that draws said. An abort's reason passes through.
 */
export async function lossPng(
  svg: string,
  { signal, timeout = patienceMs, program = builtFile("draw-png.js") }: PictureOptions = {},
): Promise<Buffer> {
  const child = spawn(process.execPath, [program], {
    ...{ stdio: "pipe", windowsHide: true, timeout, killSignal: "SIGKILL" },
    ...(signal && { signal }),
  });
  child.stdin.on("error", () => {}); // a process that ended says why on stderr
  child.stdin.end(svg);
  try {
    const [png, said, [code, killer]] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    if (isWhole(png)) return png;
    const lines = said.trim().split("\n");
    const lastWords = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1); // below an error Node prints more
    throw new Error(
      killer ? `it took more than ${timeout / 1000} s` : lastWords || `its process ended with code ${code}`,
    );
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CliError("PICTURE_FAILED", `loss.png could not be drawn: ${(cause as Error).message}`, { cause });
  }
}

/** Whether a PNG goes to its last chunk, which is empty: its length, name and checksum. */
function isWhole(png: Buffer): boolean {
  return png.subarray(-8, -4).toString("latin1") === "IEND";
}
