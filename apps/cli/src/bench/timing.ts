/** One rival in a comparison: it plays its turns between those of the others. */
export interface Turns {
  /** Turns that count. */
  rounds: number;
  /** Whether a turn begins with plays that do not count: caches, clock and idle threads are as the others left them. */
  isQuick: boolean;
  /** Does the work once and returns the milliseconds of one unit of it. */
  play(): Promise<number>;
}

/** Rounds that quick rivals play before any is timed: V8 compiles a function better after some calls. */
const warmUpRounds = 5;

/**
 * How long those plays take at least, in milliseconds. Two threads that wake after others have run may do so on one core, and the
 * system parts them some steps later; and a core that was idle takes a moment to come to its full rate. Steps of 2 ms would seem to
 * gain nothing from two threads, where in training, step after step, they gain all.
 */
const warmUpTime = 40;

/**
 * Lets rivals take turns, those with fewer rounds spread evenly over the run.
 *
 * @returns The times of each, in milliseconds.
 */
export async function interleave(rivals: readonly Turns[], signal: AbortSignal): Promise<number[][]> {
  const times = rivals.map((): number[] => []);
  const rounds = Math.max(...rivals.map((rival) => rival.rounds));
  const play = async (rival: Turns) => {
    signal.throwIfAborted();
    return rival.play();
  };
  for (let round = 0; round < warmUpRounds; round++) {
    for (const rival of rivals) if (rival.isQuick) await play(rival);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index, rival] of rivals.entries()) {
      const turns = (until: number) => Math.floor((until * rival.rounds) / rounds);
      if (turns(round + 1) === turns(round)) continue;
      if (rival.isQuick) await warmUp(() => play(rival));
      times[index]!.push(await play(rival));
    }
  }
  return times;
}

async function warmUp(play: () => Promise<number>): Promise<void> {
  const start = performance.now();
  do await play();
  while (performance.now() - start < warmUpTime);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Half the distance between the quartiles. */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2;
}

/** Between neighbours by linear interpolation. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - below);
}
