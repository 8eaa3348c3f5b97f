/** What happened between two reports of a run. */
export interface Reading {
  loss: number;
  charactersPerSecond: number;
  /** Updates a second of the clock, samples and checkpoints included; smoothed. */
  stepsPerSecond: number;
}

/** How much a new reading weighs in the smoothed rate. */
const freshness = 0.25;

/** Sums updates up between two reports. */
export function createMeter(now: () => number = () => performance.now()) {
  let sums = { loss: 0, steps: 0, characters: 0, seconds: 0 };
  let since = now();
  let rate: number | undefined;
  return {
    add(update: { loss: number; characters: number; seconds: number }): void {
      sums.loss += update.loss;
      sums.steps++;
      sums.characters += update.characters;
      sums.seconds += update.seconds;
    },
    /** Milliseconds since the last reading. */
    get age(): number {
      return now() - since;
    },
    /** Needs at least one update since the last one. */
    read(): Reading {
      const fresh = sums.steps / Math.max(1e-3, (now() - since) / 1000);
      rate = rate === undefined ? fresh : rate + freshness * (fresh - rate);
      const reading = {
        loss: sums.loss / sums.steps,
        charactersPerSecond: sums.characters / Math.max(1e-6, sums.seconds),
        stepsPerSecond: rate,
      };
      sums = { loss: 0, steps: 0, characters: 0, seconds: 0 };
      since = now();
      return reading;
    },
  };
}
