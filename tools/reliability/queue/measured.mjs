// What queue.mjs measured, on two cores of an AMD EPYC (Zen 5) that had other work too: seconds of computing, which that changes little.

/** Of one trial; a run of 128 units has 3 MB, and goes to the store every ten seconds. */
export const costs = { redis: 0.0064, renewal: 0.0002, own: 0.03, bytes: 3e6, checkpointEvery: 10, gather: 0.039 };

/** How long trials of one sweep took, as shares of their mean: the twentieths of 200. */
export const spread = [
  ...[0.45, 0.6, 0.7, 0.76, 0.82, 0.85, 0.89, 0.91, 0.93, 0.97],
  ...[1, 1.03, 1.06, 1.1, 1.14, 1.21, 1.28, 1.34, 1.43, 1.56],
];
