import { isTrainingError } from "@charlstm/training";
import type { TrialResult } from "./folder.js";

/** Errors of the engine that are of one trial's settings. */
const ofSettings: ReadonlySet<unknown> = new Set(["OUT_OF_MEMORY", "BAD_OPTION"]);

/** What a trial fails of alone; `undefined` for what would fail all trials, such as a full disk. */
export function failureOf(error: unknown): TrialResult["error"] {
  const { code, message } = error as { code?: unknown; message: string };
  if (isTrainingError(error)) return { code: error.code, message };
  return error instanceof Error && ofSettings.has(code) ? { code: String(code), message } : undefined;
}
