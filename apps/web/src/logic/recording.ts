/** A sample of the run that made the ready model; losses in nats per character. */
export interface RecordedSample {
  /** Updates so far. */
  step: number;
  /** Epochs that were complete. */
  epoch: number;
  loss?: number;
  heldOutLoss?: number;
  text: string;
}

/** A run as `ready/run.json` has it, written by scripts/make-ready.js. */
export interface Recording {
  title: string;
  prompt: string;
  samples: readonly RecordedSample[];
}

/** Seconds in which a whole recording is played. */
export const playedIn = 10;

/** The sample that shows after so many seconds of playing: each of them as long as the others, the last one for good. */
export function placeAt(seconds: number, samples: number): number {
  return Math.max(0, Math.min(samples - 1, Math.floor((seconds / playedIn) * samples)));
}
