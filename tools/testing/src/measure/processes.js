import { rawCoverage } from "./folder.js";

// Vitest measures its own processes. Node measures those that tests start, when it finds this variable.
process.env.NODE_V8_COVERAGE = rawCoverage;
