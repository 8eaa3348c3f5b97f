import type { TrainingEvent } from "@charlstm/training";
import { type Io, say } from "../terminal/io.js";
import { type SweepRecord, type TrialResult, trialName } from "./folder.js";
import { valuesText } from "./space.js";

/** Milliseconds between lines of what a trial does within an epoch. */
const lineEvery = 10_000;

/** Shows a sweep while it goes: a line a trial, and where epochs are long, lines of what is under way. */
export interface SweepProgress {
  show(trial: number, event: TrainingEvent): void;
  tell(result: TrialResult): void;
}

export function createSweepProgress(
  io: Io,
  { record: { trials }, results }: { record: SweepRecord; results: readonly TrialResult[] },
): SweepProgress {
  let last = performance.now();
  const line = (text: string) => {
    last = performance.now();
    say(io, text);
  };
  let isFirst = true;
  return {
    show(trial, event) {
      if (event.type === "run-start" && isFirst) {
        isFirst = false;
        line(`${trialName(trial)} begins: ${event.parameters.toLocaleString("en")} parameters`);
      }
      if (event.type !== "step-end" || performance.now() - last < lineEvery) return;
      const { epochs } = trials[trial - 1]!.settings;
      line(
        `${trialName(trial)}: epoch ${event.epoch}/${epochs}  step ${event.step}  loss ${event.meanLoss.toFixed(4)}`,
      );
    },
    tell(result) {
      const { trial, epochs, loss, isHeldOut, error } = result;
      const { values } = trials[trial - 1]!;
      const done = new Set(results.map((each) => each.trial)).size;
      const what = error
        ? `failed [${error.code ?? "ERROR"}]`
        : `${isHeldOut ? "held out" : "loss"} ${loss?.toFixed(4)} after ${epochs} ${epochs === 1 ? "epoch" : "epochs"}`;
      line(`${trialName(trial)}  ${what}  ${valuesText(values)}  (${done}/${trials.length} trials)`);
    },
  };
}
