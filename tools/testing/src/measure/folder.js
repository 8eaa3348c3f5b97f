import { resolve } from "node:path";

/** Where one suite's processes and pages leave what V8 counted; `built-files.js` reads it. */
export const rawCoverage = resolve(".vitest", "raw-coverage");
