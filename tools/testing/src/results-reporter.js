import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * @typedef {object} SuiteResults What one package's suite came to; `tools/test.mjs` sums these up.
 * @property {number} passed Tests that passed.
 * @property {string[]} failed What failed, and how: tests, files that could not be loaded, hooks, errors nobody caught.
 * @property {{ name: string, reason: string }[]} skipped Tests that did not run, and why.
 */

/**
 * A vitest reporter that writes `SuiteResults` to `file` when the run ends. Unlike vitest's JSON it counts a failed
 * `beforeAll` or `afterAll`, an unhandled error and an empty suite as failures.
 *
 * @param {string} file
 * @returns {import("vitest/node").Reporter}
 */
export function resultsReporter(file) {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      /** @type {SuiteResults} */
      const results = { passed: 0, failed: [], skipped: [] };
      for (const module of modules) addModule(results, module);
      for (const error of unhandledErrors) results.failed.push(`unhandled error: ${error.message}`);
      if (results.passed + results.failed.length + results.skipped.length === 0) results.failed.push("no tests found");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
    },
  };
}

/**
 * @param {SuiteResults} results
 * @param {import("vitest/node").TestModule} module
 */
function addModule(results, module) {
  if (module.errors().length > 0) results.failed.push(failure(module.relativeModuleId, module.errors()));
  for (const suite of module.children.allSuites()) {
    if (suite.errors().length > 0) results.failed.push(failure(`${suite.fullName} (a hook)`, suite.errors()));
  }
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === "passed") results.passed++;
    else if (result.state === "skipped") results.skipped.push(skipped(test.fullName, result.note));
    else results.failed.push(failure(test.fullName, result.errors ?? []));
  }
}

/**
 * The name and the first of its errors, with what differs and the place in its file: what comes before it in a long log is often cut off.
 *
 * @param {string} name
 * @param {readonly import("vitest").SerializedError[]} errors
 */
function failure(name, [error]) {
  if (!error) return name;
  const place = error.stacks?.find((frame) => !frame.file.includes("node_modules"));
  const lines = [
    ...stripVTControlCharacters(`${error.message}\n${error.diff ?? ""}`).split("\n"),
    place ? `at ${relative("", place.file)}:${place.line}` : "",
  ];
  const shown = lines.filter((line) => line.trim() !== "").map((line) => `\n    ${line.slice(0, 200)}`);
  return [name, ...(shown.length > 12 ? [...shown.slice(0, 10), "\n    …", shown.at(-1)] : shown)].join("");
}

/**
 * The reason is the note of `context.skip(note)`, or it stands in the name as `describeWithCorpora` writes it.
 *
 * @param {string} name
 * @param {string | undefined} note
 */
function skipped(name, note) {
  const inName = / \(skipped: ([^)]*)\)/.exec(name);
  return { name: name.replace(inName?.[0] ?? "", ""), reason: note ?? inName?.[1] ?? "no reason given" };
}
