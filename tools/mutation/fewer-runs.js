// A mutant that ten random cases do not notice counts as a survivor: a hundred would take ten times as long. Properties
// that ask for thousands themselves get as many as ten seconds allow on a busy machine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The package's own copy, as `import` finds it: its settings are what the tests see.
const folder = join(process.cwd(), "node_modules", "fast-check");
const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const { default: fastCheck } = await import(pathToFileURL(join(folder, exports["."].import.default)).href);
fastCheck.configureGlobal({ numRuns: 10, interruptAfterTimeLimit: 10_000 });
