import { checkNames, TrainingError } from "./errors.js";
import type { TrainingSettings } from "./settings.js";
import { expectedOf, isInRange, settingsTable } from "./settings-table.js";

/**
 * Returns the settings when every one is in its range.
 *
 * @throws {TrainingError} `BAD_OPTION`, naming the setting, what was given and what was expected; also for a name that is none.
 */
export function checkSettings(settings: TrainingSettings): TrainingSettings {
  checkNames(settings, Object.keys(settingsTable), "train");
  for (const [name, { range, optional }] of Object.entries(settingsTable)) {
    const given = settings[name as keyof TrainingSettings];
    if ((optional && given === undefined) || isInRange(range, given)) continue;
    const expected = expectedOf(range);
    const message = `${name} is ${JSON.stringify(given)}, it has to be ${expected}`;
    throw new TrainingError("BAD_OPTION", message, { name, given, expected });
  }
  if (settings.items !== undefined && settings.objective === "window") {
    throw new TrainingError(
      "BAD_OPTION",
      'items have no windows of one length: train them with the objective "sequence", as the presets quick and large do',
      { name: "items", given: settings.items, objective: settings.objective },
    );
  }
  return settings;
}
