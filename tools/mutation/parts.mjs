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

const parts = {
  training: {
    unmutated: ["events", "run", "backend", "presets", "tfjs/**"],
    untested: [
      ...["tfjs*", "backends-agree", "hard-sigmoid", "notebook-text", "longest-runs"].map((name) => `test/${name}`),
      ...["train", "best", "divergence"].map((name) => `test/${name}`), // whole runs: the figures are in the others
    ],
  },
  "training/tfjs": { unmutated: [], untested: ["test/{train,generate,items,best,divergence}"] },
  model: {
    // What a save leaves on a disk is tried with a power cut at each operation: minutes for each mutant.
    unmutated: ["types", "public", "disk-store", "replace-folder", "durable-files", "file-system", "aside"].map(
      (file) => `checkpoint/${file}`,
    ),
    untested: ["corruption", "plain-tfjs", "power-cut", "faults", "hostile-json", "replacing", "disk-files", "stores"],
  },
  formats: { unmutated: [], untested: ["python", "hostile", "hdf5", "hdf5-chunks"] },
  // Views, and what holds their state, are looked at in a browser.
  web: {
    unmutated: ["views/**", "parts/**", "state/**", "worker/worker", "service"],
    untested: ["test/{access,training,models,limits,focus,keeping}"],
  },
  corpus: { unmutated: [], untested: ["linear-time", "hostile"] },
};

/** @param {string} part `package` or `package/folder` */
export const partOf = (part) => parts[part] ?? parts[part.split("/")[0]] ?? { unmutated: [], untested: [] };

/** The tests that `part` leaves out, as a glob. */
export const untestedIn = (part) => `**/{${[...everywhere, ...partOf(part).untested].join(",")}}.test.ts`;
