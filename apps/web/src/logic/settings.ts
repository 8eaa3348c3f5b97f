import { checkSettings, type PresetName, presetFor, presets, type TrainingSettings } from "@charlstm/training";

export type WebPreset = "first-words" | PresetName;

/** What a visitor chooses before a run. */
export interface Choices {
  preset: WebPreset | "custom";
  settings: TrainingSettings;
  /** Threads that share a batch; `0` takes what the machine has. */
  threads: number;
}

/**
 * What the page does not let choose: it writes its own samples while a run goes on, so the runs write none; who looks on says when to
 * stop; and a text is one.
 */
export const inPage = { temperatures: [], sampleLength: 0, patience: 0, items: undefined };

const { quick, notebook, large } = presets;

/** The presets, in the order they are shown. */
export const webPresets: Readonly<Record<WebPreset, { title: string; about: string; settings: TrainingSettings }>> = {
  "first-words": {
    title: "First words",
    about: "A small network and small batches: words appear within seconds.",
    settings: {
      ...quick,
      ...inPage,
      ...{ units: [96], dropout: 0, window: 48, batch: 16, epochs: 3, learningRate: 0.008, warmupSteps: 20 },
    },
  },
  quick: {
    title: "Quick",
    about: "192 units, trained on whole sequences: better than the notebook, in a minute or two.",
    settings: { ...quick, ...inPage },
  },
  large: {
    title: "Large",
    about: "512 units with dropout: the best text, in a good while.",
    settings: { ...large, ...inPage },
  },
  notebook: {
    title: "Notebook",
    about: "The reference to the letter: windows of 60, RMSprop. Slow and faithful.",
    settings: { ...notebook, ...inPage },
  },
};

export const defaultChoices: Choices = {
  preset: "first-words",
  settings: webPresets["first-words"].settings,
  threads: 0,
};

/** Below this many characters the first words need more epochs than three of them: the quick preset, fitted, takes seconds. */
const shortText = 100_000;

/** A preset fitted to a text of so many characters, as `presetFor` says; settings changed by hand stay as they are. */
export function fitChoices(choices: Choices, characters: number): Choices {
  const { preset } = choices;
  if (preset === "custom" || (preset === "first-words" && characters >= shortText)) return choices;
  const fitted = presetFor(preset === "first-words" ? "quick" : preset, characters);
  return { ...choices, settings: { ...fitted, ...inPage, seed: choices.settings.seed } };
}

/** Changes settings by hand; they are then no preset's any more. */
export function changeSettings(choices: Choices, change: Partial<TrainingSettings>): Choices {
  return { ...choices, preset: "custom", settings: { ...choices.settings, ...change } };
}

/** Why these settings can't be used, or `undefined` when they can. */
export function problemOf(settings: TrainingSettings): string | undefined {
  try {
    checkSettings(settings);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
