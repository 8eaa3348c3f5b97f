// A queue of trials in figures: workers that compute, one Redis that answers one question at a time over one wire, and one submitter
// that takes the results home.

/**
 * @typedef {object} Costs What was measured of one trial.
 * @property {number} redis Seconds that Redis computes for it, beginning to end, without what follows from its length.
 * @property {number} renewal Seconds that Redis computes for one renewal of its lock; one comes every 7.5 s.
 * @property {number} own Seconds of the worker for it beside the training: text, folders, packing.
 * @property {number} bytes Bytes that go to the store with each checkpoint.
 * @property {number} checkpointEvery Seconds between two of them.
 * @property {number} wire Bytes a second that the store takes and gives.
 * @property {number} gather Seconds of the submitter to take one trial home.
 */

const renewEvery = 7.5;

/**
 * Lets `workers` work on endlessly many trials, for as long as `trials` take.
 *
 * @param {{ workers: number, lengths: readonly number[], trials: number, costs: Costs, random: () => number }} options
 *   `lengths`: seconds in training of trials that were measured; each trial has one of them.
 * @returns {{ perHour: number, busy: number, redis: number, wire: number, submitter: number }} Trials an hour; the shares of their
 *   time that workers train, that Redis computes, that the wire carries, and that the submitter would need (above 1: it falls behind).
 */
export function simulate({ workers, lengths, trials, costs, random }) {
  const heap = createHeap();
  const servers = { redis: { free: 0, used: 0 }, wire: { free: 0, used: 0 } };
  const serve = (server, at, seconds) => {
    server.free = Math.max(server.free, at) + seconds;
    server.used += seconds;
    return server.free;
  };
  // All begin at once, as an array of a cluster's jobs does.
  for (let worker = 0; worker < workers; worker++) heap.push(0, { left: 0, length: 0 });
  let [done, trained, end] = [0, 0, 0];
  while (done < trials) {
    const [at, trial] = heap.pop();
    if (trial.left > 0) {
      // A checkpoint goes up, then the training goes on.
      const saved = serve(servers.wire, at, costs.bytes / costs.wire);
      const next = Math.min(costs.checkpointEvery, trial.left);
      heap.push(saved + next, { ...trial, left: trial.left - next });
      continue;
    }
    let from = at;
    if (trial.length > 0) {
      done++;
      trained += trial.length;
      from = serve(servers.wire, at, costs.bytes / costs.wire); // the last one, with the model
    }
    const length = lengths[Math.floor(random() * lengths.length)];
    const given = serve(servers.redis, from, costs.redis + (costs.renewal * length) / renewEvery);
    const first = Math.min(costs.checkpointEvery, length);
    heap.push(given + costs.own + first, { left: length - first, length });
    end = from;
  }
  return {
    perHour: (3600 * done) / end,
    busy: trained / (workers * end),
    redis: servers.redis.used / Math.max(end, servers.redis.free),
    wire: servers.wire.used / Math.max(end, servers.wire.free),
    submitter: (costs.gather * done) / end,
  };
}

/** Times with what happens then, the earliest first. */
function createHeap() {
  const items = [];
  const isBefore = (one, other) => items[one][0] < items[other][0];
  const swap = (one, other) => ([items[one], items[other]] = [items[other], items[one]]);
  return {
    push(at, what) {
      items.push([at, what]);
      for (let child = items.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!isBefore(child, parent)) break;
        swap(child, parent);
        child = parent;
      }
    },
    pop() {
      swap(0, items.length - 1);
      const first = items.pop();
      for (let parent = 0; ; ) {
        const [left, right] = [2 * parent + 1, 2 * parent + 2];
        let least = parent;
        if (left < items.length && isBefore(left, least)) least = left;
        if (right < items.length && isBefore(right, least)) least = right;
        if (least === parent) return first;
        swap(parent, least);
        parent = least;
      }
    },
  };
}
