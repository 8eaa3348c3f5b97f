// The rule by which the presets suit a text of any size. A preset's own figures suit a book; a page of it would not leave the warm-up in
// as many epochs of such large updates, and a library would take hours. Measured on prose, verse, names and source code of 1 to
// 200 kB and on whole novels (docs/training.md has the figures); for longer texts the rule is drawn on.

import { type PresetName, presets } from "./presets.js";
import type { TrainingSettings } from "./settings.js";

type Fitted = Pick<TrainingSettings, "batch" | "window" | "units" | "dropout"> &
  Partial<Pick<TrainingSettings, "epochs" | "learningRate">>;

/** From how many characters on a text gets what; epochs and the learning rate are the preset's where none are named. */
interface Fit {
  from: number;
  epochs?: number;
  quick: Fitted;
  large: Fitted;
}

/** An update reads about as many characters as the square root of the text's, so that a score of epochs is enough for any size. */
const fits: readonly Fit[] = [
  {
    from: 1_500_000,
    quick: { batch: 16, window: 64, units: [192], dropout: 0, learningRate: 0.007 },
    large: { batch: 32, window: 64, units: [384], dropout: 0.2, learningRate: 0.006 },
  },
  {
    from: 600_000,
    quick: { batch: 16, window: 32, units: [192], dropout: 0.1 },
    large: { batch: 16, window: 64, units: [512], dropout: 0.4 },
  },
  {
    from: 100_000,
    quick: { batch: 16, window: 32, units: [192], dropout: 0.2, epochs: 10 },
    large: { batch: 16, window: 64, units: [384], dropout: 0.5, epochs: 12, learningRate: 0.006 },
  },
  {
    from: 30_000,
    epochs: 24,
    quick: { batch: 8, window: 32, units: [128], dropout: 0.4, learningRate: 0.007 },
    large: { batch: 8, window: 64, units: [192], dropout: 0.4, learningRate: 0.006 },
  },
  {
    from: 8_000,
    epochs: 12,
    quick: { batch: 4, window: 32, units: [128], dropout: 0.4, learningRate: 0.007 },
    large: { batch: 4, window: 32, units: [192], dropout: 0.5, learningRate: 0.006 },
  },
  {
    from: 2_500,
    epochs: 12,
    quick: { batch: 4, window: 16, units: [64], dropout: 0.4, learningRate: 0.007 },
    large: { batch: 4, window: 16, units: [128], dropout: 0.5, learningRate: 0.006 },
  },
  {
    from: 0,
    epochs: 20,
    quick: { batch: 4, window: 16, units: [64], dropout: 0.4, learningRate: 0.007 },
    large: { batch: 4, window: 16, units: [64], dropout: 0.4, learningRate: 0.006 },
  },
];

/** Updates of a run at the most: some ten minutes of `quick` on two cores in WebAssembly, five with the native engine. */
const mostUpdates = 50_000;

/**
 * A preset's settings for a text of so many characters: rows, window, epochs, warm-up, units, dropout and held-out share of `quick` and
 * `large` follow from the size; `notebook` is the reference to the letter on any text.
 *
 * @param characters Characters of the whole text, held-out ones included; 1 or more.
 */
export function presetFor(name: PresetName, characters: number): TrainingSettings {
  const preset = presets[name];
  if (name === "notebook") return preset;
  const fit = fits.find(({ from }) => characters >= from)!;
  const { batch, window, epochs: most = fit.epochs ?? preset.epochs, ...network } = fit[name];
  const stepsPerEpoch = Math.max(1, Math.floor(characters / (batch * window)));
  const epochs = Math.max(1, Math.min(most, Math.floor(mostUpdates / stepsPerEpoch)));
  const settings = {
    ...preset,
    ...{ batch, window, ...network, epochs },
    // A text of 100 MB and more is not read to its end.
    ...(epochs * stepsPerEpoch > mostUpdates ? { maxSteps: mostUpdates } : {}),
    // Enough to measure by; of a short text that is a larger share.
    heldOut: characters < 40_000 ? 0.1 : preset.heldOut,
  };
  return fitWarmup(settings, characters);
}

/** Settings whose warm-up takes a twentieth of the run's updates at the most: a short run would else end within it. */
export function fitWarmup(settings: TrainingSettings, characters: number): TrainingSettings {
  const { batch, window, stride, objective, epochs, maxSteps = Number.POSITIVE_INFINITY, heldOut } = settings;
  const read = objective === "sequence" ? batch * window : batch * stride;
  const updates = Math.min(maxSteps, epochs * Math.max(1, Math.floor((characters * (1 - heldOut)) / read)));
  return { ...settings, warmupSteps: Math.min(settings.warmupSteps, Math.ceil(updates / 20)) };
}
