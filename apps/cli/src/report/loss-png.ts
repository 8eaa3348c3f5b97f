import { spawn } from "node:child_process";
import { once } from "node:events";
import { buffer, text } from "node:stream/consumers";
import { CliError } from "../errors.js";
import { ownFile } from "../own-file.js";

/**
 * Draws an SVG as PNG, with the one typeface that comes with the program: what the machine has installed plays no part.
 *
 * @throws {CliError} `PICTURE_FAILED`, with what the process that draws said.
 */
export async function lossPng(svg: string): Promise<Buffer> {
  const child = spawn(process.execPath, [ownFile("draw-png.js")], { stdio: "pipe", windowsHide: true });
  child.stdin.on("error", () => {}); // a process that ended says why on stderr
  child.stdin.end(svg);
  const [png, said, [code]] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new CliError("PICTURE_FAILED", `loss.png could not be drawn: ${said.trim()}`);
  return png;
}
