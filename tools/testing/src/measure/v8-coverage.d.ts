declare module "@bcoe/v8-coverage" {
  import type { Profiler } from "node:inspector";

  export interface ProcessCov {
    result: Profiler.ScriptCoverage[];
  }

  /** Sums the counts of the same scripts. */
  export function mergeProcessCovs(processes: readonly ProcessCov[]): ProcessCov;
}
