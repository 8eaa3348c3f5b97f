import { WriteStream } from "node:tty";
import type { Io } from "../terminal/io.js";

/** Colours for a character that was less probable than the step before: both of text and ground, whatever the terminal's own are. */
type Steps = readonly [least: number, colours: string][];

const steps256: Steps = [
  [0.5, ""],
  [0.2, "38;5;231;48;5;236"],
  [0.08, "38;5;231;48;5;94"],
  [0.02, "38;5;231;48;5;130"],
  [0, "38;5;231;48;5;124"],
];

/** Black on cyan, yellow and magenta, then white on red. */
const steps16: Steps = [
  [0.5, ""],
  [0.2, "30;46"],
  [0.08, "30;43"],
  [0.02, "30;45"],
  [0, "37;41"],
];

/** Puts a character on a ground that says how probable it was: the redder, the less expected. */
export type Shade = (character: string, probability: number) => string;

/** How to shade on this stdout, `undefined` where it is no terminal, has no colours or they are not welcome (see no-color.org). */
export function shadeOf({ stdout, env }: Io): Shade | undefined {
  if (!stdout.isTTY || env.NO_COLOR || /^(dumb|vt\d+)$/.test(env.TERM ?? "")) return undefined;
  const bits = WriteStream.prototype.getColorDepth.call(stdout as WriteStream, { ...env });
  if (bits < 4) return undefined;
  const steps = bits < 8 ? steps16 : steps256;
  return (character, probability) => {
    const [, colours] = steps.find(([least]) => probability >= least) ?? steps.at(-1)!;
    return colours === "" || character === "\n" ? character : `\u001b[${colours}m${character}\u001b[0m`;
  };
}
