// What mutation testing leaves out of each package, beside index.ts and errors.ts. `unmutated`: files that say little else than words
// and numbers, or that only whole programs run. `untested`: tests that each mutant would have to wait for: those that read whole books,
// draw hundreds of thousands of times, look at the built package or train by TensorFlow.js what the engine trains too.
const everywhere = [
  "bundle",
  "examples",
  "readme",
  "allocation",
  "chi-square",
  "golden",
  "corpora",
  "real-books",
  "tf-data",
];

export const parts = {
  training: {
    unmutated: ["events", "run", "backend", "presets", "tfjs/**"],
    untested: [
      ...["tfjs*", "backends-agree", "hard-sigmoid", "notebook-text", "longest-runs"].map((name) => `test/${name}`),
      ...["train", "items", "best", "divergence"].map((name) => `test/${name}`), // whole runs: the figures are in the others
    ],
  },
  "training/tfjs": { unmutated: [], untested: ["test/{train,generate,items,best,divergence}"] },
  model: { unmutated: ["checkpoint/types", "checkpoint/public"], untested: ["corruption", "plain-tfjs"] },
  corpus: { unmutated: [], untested: ["linear-time", "hostile"] },
};

/** @param {string} part `package` or `package/folder` */
export const partOf = (part) => parts[part] ?? parts[part.split("/")[0]] ?? { unmutated: [], untested: [] };

/** The tests that `part` leaves out, as a glob. */
export const untestedIn = (part) => `**/{${[...everywhere, ...partOf(part).untested].join(",")}}.test.ts`;
