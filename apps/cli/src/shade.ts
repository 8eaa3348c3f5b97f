import type { Io } from "./io.js";

/** 256-colour backgrounds from "sure" (none) to "never expected" (red). */
const steps: readonly [least: number, code: string][] = [
  [0.5, ""],
  [0.2, "\u001b[48;5;236m"],
  [0.08, "\u001b[48;5;94m"],
  [0.02, "\u001b[48;5;130m"],
  [0, "\u001b[48;5;124m"],
];

/** Whether stdout is a terminal on which colours are welcome (see no-color.org). */
export function hasColour(io: Io): boolean {
  return io.stdout.isTTY === true && !io.env.NO_COLOR && io.env.TERM !== "dumb";
}

/** A character on a background that says how probable it was: the redder, the less expected. */
export function shade(character: string, probability: number): string {
  const [, code] = steps.find(([least]) => probability >= least) ?? steps.at(-1)!;
  return code === "" || character === "\n" ? character : `${code}${character}\u001b[0m`;
}
