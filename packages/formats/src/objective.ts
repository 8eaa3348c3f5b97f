import type { Checkpoint } from "@charlstm/model/checkpoint";
import { shown } from "./json.js";

/** Whether a model learned from the character after each window, or from every character it reads. */
export type Objective = Checkpoint["objective"];

/** Where the objective is kept inside Keras and PyTorch files: an attribute, an archive entry, a metadata key. */
export const OBJECTIVE_KEY = "charlstm_objective";

/** An objective out of a model file; one that this version does not know is left out with a warning. */
export function embeddedObjective(value: unknown, warnings: string[]): Objective | undefined {
  if (value === undefined || value === "window" || value === "sequence") return value;
  warnings.push(`the objective in the file is ${shown(value)}, expected "window" or "sequence": it is left out`);
  return undefined;
}
