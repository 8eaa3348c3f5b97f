// Which trial comes next: pure, so that the loop in this process and the queue decide alike.
// Successive halving as ASHA has it (Li et al. 2018, A System for Massively Parallel Hyperparameter Tuning, algorithm 2): a trial that is
// among the best third of those that have reached its rung goes on to the next, without waiting for the others.

/** A trial of a sweep, as far as its turn goes. */
export interface Turn {
  readonly id: number;
  /** Trials of one group are compared with one another: their losses are of one text. */
  readonly group: number;
  /** Epochs at which it stands in line: the rungs, from the lowest to the whole run. One without halving. */
  readonly rungs: readonly number[];
}

/** A trial trained up to so many epochs. */
export interface Assignment {
  readonly trial: number;
  readonly epochs: number;
}

/** What came of it: a loss in nats per character, `null` where it failed. */
export interface Reached extends Assignment {
  readonly loss: number | null;
}

/** One of so many is promoted. */
export const eta = 3;

/** The rungs of a run of so many epochs: a third each time, rounded, down to one. */
export function rungsOf(epochs: number): number[] {
  const rungs: number[] = [];
  for (let share = epochs; share >= 0.75; share /= eta) rungs.unshift(Math.max(1, Math.round(share)));
  return rungs;
}

export interface ScheduleState {
  readonly turns: readonly Turn[];
  readonly reached: readonly Reached[];
  /** Given out, and not reached yet. */
  readonly outstanding: readonly Assignment[];
}

/**
 * What to give out now, `room` at the most: promotions, from the highest rung down, then trials that have not begun, in their order.
 * Nothing, with nothing outstanding, is the end of the sweep.
 */
export function nextAssignments({ turns, reached, outstanding }: ScheduleState, room: number): Assignment[] {
  const given = new Set([...reached, ...outstanding].map(keyOf));
  const losses = new Map(reached.map((each) => [keyOf(each), each.loss]));
  const next: Assignment[] = [];
  for (const group of groupsOf(turns)) next.push(...promotions(group, losses, given));
  for (const { id, rungs } of turns) {
    if (next.length >= room) break;
    const first = { trial: id, epochs: rungs[0]! };
    if (!given.has(keyOf(first))) next.push(first);
  }
  return next.slice(0, room);
}

const keyOf = ({ trial, epochs }: Assignment) => `${trial} ${epochs}`;

function groupsOf(turns: readonly Turn[]): Turn[][] {
  const groups = new Map<number, Turn[]>();
  for (const turn of turns) {
    if (turn.rungs.length < 2) continue;
    const group = groups.get(turn.group);
    if (group) group.push(turn);
    else groups.set(turn.group, [turn]);
  }
  return [...groups.values()];
}

function promotions(
  turns: readonly Turn[],
  losses: ReadonlyMap<string, number | null>,
  given: ReadonlySet<string>,
): Assignment[] {
  const promoted: Assignment[] = [];
  const most = Math.max(...turns.map(({ rungs }) => rungs.length));
  for (let rung = most - 2; rung >= 0; rung--) {
    const there = turns.flatMap(({ id, rungs }) => {
      const loss = losses.get(keyOf({ trial: id, epochs: rungs[rung]! }));
      return loss === undefined || rungs[rung + 1] === undefined ? [] : [{ id, loss, next: rungs[rung + 1]! }];
    });
    const best = there
      .filter((each): each is typeof each & { loss: number } => each.loss !== null)
      .sort((one, other) => one.loss - other.loss || one.id - other.id)
      .slice(0, Math.floor(there.length / eta));
    for (const { id, next } of best) {
      const assignment = { trial: id, epochs: next };
      if (!given.has(keyOf(assignment))) promoted.push(assignment);
    }
  }
  return promoted;
}
