import type { Baseline } from "../texts/baselines.js";
import type { QualityRow } from "./quality-run.js";

export const epochHead = `${"run".padEnd(9)}epoch  seconds  characters  training loss  held out: nats    bits`;

export function epochLine({ run, epoch, seconds, characters, loss, heldOutLoss }: QualityRow): string {
  const cells = [
    String(epoch).padStart(5),
    seconds.toFixed(1).padStart(9),
    `${(characters / 1e6).toFixed(1)}M`.padStart(12),
    loss.toFixed(4).padStart(15),
    heldOutLoss.toFixed(4).padStart(16),
    bits(heldOutLoss).padStart(8),
  ];
  return `${run.padEnd(9)}${cells.join("")}`;
}

/** How each recipe ended, all on the same windows, and what simpler models make of the same held-out text. */
export function summaryLines(rows: readonly QualityRow[], beside: readonly Baseline[]): string[] {
  const scored = rows.map(({ run, epoch, seconds, windows }) => {
    const { loss, accuracy } = windows!;
    return `${run.padEnd(18)}${loss.toFixed(4)} nats  ${bits(loss)} bits  accuracy ${(100 * accuracy).toFixed(1)} %  epoch ${epoch}, ${seconds.toFixed(1)} s`;
  });
  const counted = beside.map(({ name, loss }) => `${name.padEnd(18)}${loss.toFixed(4)} nats  ${bits(loss)} bits`);
  return [
    "At the end, on every third 60-character window of the held-out text, from a zero state:",
    ...scored,
    "On all of the held-out text:",
    ...counted,
  ];
}

const bits = (loss: number) => (loss / Math.LN2).toFixed(4);
