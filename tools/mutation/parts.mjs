// What mutation testing leaves out of each package, beside index.ts and errors.ts. `unmutated`: files that say little else than words
// and numbers, or that only whole programs run. `untested`: tests that each mutant would have to wait for: those that read whole books,
// draw hundreds of thousands of times, look at the built package or train by TensorFlow.js what the engine trains too. `tested`: where most
// tests are such, the few that are not.
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
    untested: ["corruption", "plain-tfjs", "power-cut", "faults", "hostile-json", "replacing", "disk-files"],
  },
  formats: { unmutated: [], untested: ["python", "damaged"] },
  // Views, and what holds their state, are looked at in a browser.
  web: {
    unmutated: ["views/**", "parts/**", "state/**", "worker/worker", "service", "service-worker"],
    untested: [
      "test/{access,compare,every-browser,focus,hosting,items,keeping,limits,models,ready,service-worker,training,visitor}",
    ],
  },
  // What starts, fetches, trains or writes is looked at from outside, by tests that take seconds each.
  cli: {
    unmutated: [
      ...["bin", "program", "versions", "terminal/io"],
      ...["backends", "bench", "commands", "doctor", "files", "hand-over", "model", "run", "report/page"].map(
        (folder) => `${folder}/**`,
      ),
      ...["interactive", "write-items", "write-text"].map((file) => `generate/${file}`),
      ...["connect", "job", "open-store", "s3-store", "store", "submit", "text", "worker"].map(
        (file) => `queue/${file}`,
      ),
      ...["draw-png", "loss-png", "write-report"].map((file) => `report/${file}`),
      ...["failure", "folder", "local", "open", "page", "progress", "results", "run-trial", "texts"].map(
        (file) => `sweep/${file}`,
      ),
      ...["fetch-progress", "item-copies", "large-text", "reading-progress", "several-texts", "training-text"].map(
        (file) => `texts/${file}`,
      ),
      ...["run-writer", "starting-model"].map((file) => `train/${file}`),
    ],
    tested: [
      "src/**/*.test.ts",
      "test/{bad-input,generate-prompt,help,readme}.test.ts", // readme: what the flags' help says
      "test/report/{loss-plot,report}.test.ts",
    ],
  },
  // On the sources, in place of what is built of them; the threads are those that were built.
  engine: {
    unmutated: ["worker", "benchmark"],
    tested: [
      "src/**/*.test.ts",
      "test/every-build/{dropout,errors,gradient,leaks,lengths,state,stream,threads,whole-step}.test.ts",
    ],
  },
  corpus: { unmutated: [], untested: ["linear-time", "hostile"] },
};

/** @param {string} part `package` or `package/folder` */
export const partOf = (part) => parts[part] ?? parts[part.split("/")[0]] ?? { unmutated: [], untested: [] };

/** The tests that `part` leaves out, as a glob. */
export const untestedIn = (part) => `**/{${[...everywhere, ...partOf(part).untested].join(",")}}.test.ts`;

/** The only tests that `part` takes, as globs; undefined where it takes all the others. */
export const testedIn = (part) => partOf(part).tested;
