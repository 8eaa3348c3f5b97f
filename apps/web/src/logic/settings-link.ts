import { settingsTable, type TrainingSettings } from "@charlstm/training";
import { type Choices, defaultChoices, inPage, isOfText, problemOf, type WebPreset, webPresets } from "./settings.js";

/** The settings that a link carries, as text. */
const shared = (Object.keys(settingsTable) as (keyof TrainingSettings)[]).filter(
  (name) => !Object.hasOwn(inPage, name),
);

/**
 * The settings as the part of an address after `#`, which browsers send to no server: the preset, and only what differs from it.
 */
export function choicesToHash({ preset, settings, threads }: Choices): string {
  const base = preset === "custom" ? defaultChoices.settings : webPresets[preset].settings;
  const parameters = new URLSearchParams();
  if (preset !== "custom") parameters.set("preset", preset);
  for (const name of shared) {
    const value = JSON.stringify(settings[name] ?? null);
    if (value !== JSON.stringify(base[name] ?? null)) parameters.set(name, value);
  }
  if (threads > 0) parameters.set("threads", String(threads));
  return parameters.toString();
}

/** Reads what `choicesToHash` wrote; `undefined` when there are no settings in it, or none that can be used. */
export function choicesFromHash(hash: string): Choices | undefined {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const preset = parameters.get("preset");
  const isPreset = preset !== null && Object.hasOwn(webPresets, preset);
  const changes = shared.filter((name) => parameters.has(name));
  const threads = Number(parameters.get("threads") ?? 0);
  if ((!isPreset && changes.length === 0) || !(Number.isInteger(threads) && threads >= 0 && threads <= 64)) {
    return undefined;
  }
  const base = isPreset ? webPresets[preset as WebPreset].settings : defaultChoices.settings;
  const settings: Record<string, unknown> = { ...base };
  for (const name of changes) {
    const value = parse(parameters.get(name)!);
    if (value === undefined) return undefined;
    if (value === null) delete settings[name];
    else settings[name] = value;
  }
  const checked = settings as unknown as TrainingSettings;
  if (problemOf(checked) !== undefined) return undefined;
  return { preset: isPreset && isOfText(changes) ? (preset as WebPreset) : "custom", settings: checked, threads };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
