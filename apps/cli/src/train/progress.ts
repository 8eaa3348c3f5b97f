import type { EpochMetrics, TrainingEvent } from "@charlstm/training";
import { type Options, Presets, SingleBar } from "cli-progress";
import { type Io, say } from "../terminal/io.js";
import { silentFor } from "../terminal/working.js";
import { sampleLines } from "./sample-lines.js";

/** Shows a run while it goes. */
export interface TrainProgress {
  show(event: TrainingEvent): void;
  /** Clears what is drawn; idempotent. */
  close(): void;
}

/** How much of a run is shown. */
export interface TrainProgressOptions {
  epochs: number;
  /** Epochs alone, without their samples and what is between them. */
  quiet?: boolean | undefined;
  /** Whether stdout carries the events, samples among them. */
  json?: boolean | undefined;
}

/** A bar on a terminal, plain lines elsewhere; after each epoch, what the model writes now. */
export function createTrainProgress(
  io: Io,
  { epochs, quiet = false, json = false }: TrainProgressOptions,
): TrainProgress {
  const progress = io.stderr.isTTY ? createBarProgress(io, epochs) : createLineProgress(io, epochs);
  let samples: readonly string[] = [];
  let notice: NodeJS.Timeout | undefined;
  let stepsPerEpoch = 0;
  let totalSteps = 0;
  let isMeasured = true;
  return {
    show(event) {
      clearTimeout(notice);
      if (event.type === "run-start") ({ stepsPerEpoch, totalSteps } = event);
      if (event.type === "step-end") isMeasured = event.stepInEpoch !== stepsPerEpoch && event.step !== totalSteps;
      if (event.type === "sample-written") isMeasured = true;
      // A run that ends within an epoch saves before it measures.
      if (!isMeasured) {
        notice = setTimeout(() => {
          progress.close(); // the bar, which would stay in the line's way
          say(io, "measuring the held-out text and writing samples…");
        }, silentFor);
      }
      if (quiet && event.type === "step-end") return;
      progress.show(event);
      if (event.type === "sample-written" && !quiet && !json) samples = sampleLines(event.samples, io.stderr.columns);
      if (event.type !== "epoch-end") return;
      for (const line of samples) say(io, line);
      samples = [];
    },
    close() {
      clearTimeout(notice);
      progress.close();
    },
  };
}

/** A line an epoch, and in long epochs one every ten seconds; ten over the first epoch. */
function createLineProgress(io: Io, epochs: number): TrainProgress {
  let lastLine = performance.now();
  let stepsOfFirstEpoch = 1;
  return {
    show(event) {
      if (event.type === "run-start") {
        stepsOfFirstEpoch = Math.min(event.stepsPerEpoch, event.totalSteps);
        say(io, startLine(event));
      } else if (event.type === "step-end") {
        const isTenth = event.epoch === 1 && event.step % Math.ceil(stepsOfFirstEpoch / 10) === 0;
        if (!isTenth && performance.now() - lastLine < 10_000) return;
        lastLine = performance.now();
        const speed = Math.round(event.characters / event.seconds).toLocaleString("en");
        say(
          io,
          `epoch ${event.epoch}/${epochs}  step ${event.step}  loss ${event.loss.toFixed(4)}  ${speed} characters/s`,
        );
      } else sayEvent(io, event, epochs);
    },
    close() {},
  };
}

/** One line of at most 80 columns, drawn again and again; the time is what is left of the run. */
function createBarProgress(io: Io, epochs: number): TrainProgress {
  const options: Options = {
    stream: io.stderr as NodeJS.WriteStream,
    format: "epoch {epoch}/{epochs} {bar} {percentage}%  loss {loss}{heldOut}  {speed}  {eta_formatted}",
    barsize: 12,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // it would catch signals
    etaBuffer: 200,
    fps: 8,
  };
  const bar = new SingleBar(options, Presets.shades_classic);
  let heldOut = "";
  let isDrawn = false;
  const clear = () => {
    if (isDrawn) bar.stop();
    isDrawn = false;
  };
  let total = 1;
  return {
    show(event) {
      if (event.type === "run-start") {
        total = event.totalSteps;
        say(io, startLine(event));
        return;
      }
      if (event.type === "step-end") {
        const payload = {
          epoch: event.epoch,
          epochs,
          loss: event.meanLoss.toFixed(3),
          heldOut,
          speed: `${(event.characters / event.seconds / 1000).toFixed(1)}k ch/s`,
        };
        if (!isDrawn) bar.start(total, event.step, payload);
        isDrawn = true;
        bar.update(event.step, payload);
        return;
      }
      if (event.type === "epoch-end" && event.heldOutLoss !== undefined)
        heldOut = `  held out ${event.heldOutLoss.toFixed(3)}`;
      if (event.type === "epoch-end" || ["loss-diverged", "held-out-rising", "run-end"].includes(event.type)) clear();
      sayEvent(io, event, epochs);
    },
    close: clear,
  };
}

function startLine(event: Extract<TrainingEvent, { type: "run-start" }>): string {
  const number = (value: number) => value.toLocaleString("en");
  const from = event.step > 0 ? `, going on after step ${number(event.step)}` : "";
  const left =
    event.step >= event.totalSteps ? ": nothing is left to do (a larger --epochs or --max-steps goes on)" : "";
  return `${event.backend}: ${number(event.parameters)} parameters, ${number(event.stepsPerEpoch)} steps an epoch, ${number(event.totalSteps)} in all${from}${left}`;
}

function sayEvent(io: Io, event: TrainingEvent, epochs: number): void {
  if (event.type === "epoch-end") say(io, epochLine(event, epochs));
  else if (event.type === "loss-diverged") {
    say(
      io,
      `the loss diverged (${event.loss.toFixed(3)} at step ${event.step}): back to step ${event.backToStep}, ` +
        `with a learning rate of ${event.learningRate.toPrecision(3)}`,
    );
  } else if (event.type === "held-out-rising") {
    const { epoch, loss } = event.lowest;
    say(
      io,
      `the held-out loss lies above its lowest (${loss.toFixed(4)} at epoch ${epoch}) since then, now ${event.loss.toFixed(4)}: the text is ` +
        "being learnt by heart. The best epoch is kept and used; more --dropout, fewer --units or less --epochs help; --patience says when to stop",
    );
  } else if (event.type === "run-end" && event.reason === "early-stop")
    say(io, "no new lowest loss for the epochs of --patience: stopped (--patience 0 goes on to the end)");
}

function epochLine(metrics: EpochMetrics & { partial: boolean }, epochs: number): string {
  const heldOut = metrics.heldOutLoss === undefined ? "" : `  held out ${metrics.heldOutLoss.toFixed(4)}`;
  const speed = Math.round(metrics.charactersPerSecond).toLocaleString("en");
  const part = metrics.partial ? ` (to step ${metrics.step})` : "";
  return `epoch ${metrics.epoch}/${epochs}${part}  loss ${metrics.loss.toFixed(4)}${heldOut}  ${speed} characters/s  ${metrics.seconds.toFixed(1)} s`;
}
