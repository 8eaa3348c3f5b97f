import {
  checkSettings,
  fitItems,
  fitWarmup,
  type PresetName,
  presetFor,
  presets,
  type TrainingSettings,
} from "@charlstm/training";
import type { Ids } from "@charlstm/vectorize";

export type WebPreset = "first-words" | PresetName;

/** What a visitor chooses before a run. */
export interface Choices {
  preset: WebPreset | "custom";
  settings: TrainingSettings;
  /** Threads that share a batch; `0` takes what the machine has. */
  threads: number;
}

/** What the page does not let choose: it writes its own samples while a run goes on, so the runs write none; who looks on says when to stop. */
export const inPage = { temperatures: [], sampleLength: 0, patience: 0 };

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

/**
 * A preset fitted to a text, as `presetFor` and `fitItems` say; settings changed by hand stay as they are.
 *
 * @param ids Of items with their marks.
 */
export function fitChoices(choices: Choices, ids: Ids): Choices {
  const { preset, settings: chosen } = choices;
  const { seed, items } = chosen;
  const isFirstWords = preset === "first-words";
  const isAsItIs = isFirstWords && ids.length >= shortText;
  if (preset === "custom" || (isAsItIs && items === undefined)) return choices;
  const suited = isAsItIs ? chosen : { ...presetFor(isFirstWords ? "quick" : preset, ids.length), ...inPage, seed };
  if (items === undefined) return { ...choices, settings: suited };
  return { ...choices, settings: { ...fitWarmup(fitItems(suited, ids), ids.length), items } };
}

/** Changes settings by hand; they are then no preset's any more. What of the text is an item is the text's affair: a preset stays one. */
export function changeSettings(choices: Choices, change: Partial<TrainingSettings>): Choices {
  const preset = isOfText(Object.keys(change)) ? choices.preset : "custom";
  return { ...choices, preset, settings: { ...choices.settings, ...change } };
}

/** A preset instead of what is chosen; items stay items, where its objective learns any. */
export function takePreset({ settings: { items }, threads }: Choices, preset: WebPreset): Choices {
  const { settings } = webPresets[preset];
  return { preset, settings: settings.objective === "sequence" && items ? { ...settings, items } : settings, threads };
}

/** Whether these settings say what the text is, and leave a preset as it is. */
export const isOfText = (names: readonly string[]): boolean => names.every((name) => name === "items");

/** Why these settings can't be used, or `undefined` when they can. */
export function problemOf(settings: TrainingSettings): string | undefined {
  try {
    checkSettings(settings);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
