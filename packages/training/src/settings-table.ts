// All that is known of each setting, once: its checks, the command line's flags and help, the README's list and the page's form and
// link are made of it.
import { optimizerSettings } from "@charlstm/network";
import { itemKinds } from "./items.js";
import type { TrainingSettings } from "./settings.js";

/** The values that a setting may have. */
export type SettingRange =
  | { readonly kind: "whole"; readonly least: number }
  /** Finite; `from` and `to` belong to the range, `above` and `below` do not. */
  | {
      readonly kind: "number";
      readonly from?: number;
      readonly above?: number;
      readonly to?: number;
      readonly below?: number;
    }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "list"; readonly of: SettingRange; readonly least: number; readonly most: number }
  | { readonly kind: "optimizer"; readonly of: readonly string[] };

/** What a form shows of a setting. */
export interface SettingForm {
  readonly label: string;
  readonly hint: string;
  /** The numbers that the form offers, fewer than the range has. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | "any";
  /** A slider: its number with two decimals, or as a percentage. */
  readonly slider?: "share" | "percent";
  /** What the values of a choice are called, in their order. */
  readonly titles?: Readonly<Record<string, string>>;
  /** What it is called where an optional choice is left out. */
  readonly none?: string;
}

/** What is known of a setting. */
export interface SettingFacts {
  readonly range: SettingRange;
  /** Whether it may be left out. */
  readonly optional?: true;
  /** The command line's flag, with its argument. */
  readonly flag: string;
  readonly help: string;
  /** Whether a run that goes on from a checkpoint may change it. */
  readonly mayChange?: true;
  /** Missing where the page has no field for it. */
  readonly form?: SettingForm;
}

const whole = (least: number) => ({ kind: "whole", least }) as const;
const share = { kind: "number", from: 0, below: 1 } as const;
const zeroOrMore = { kind: "number", from: 0 } as const;

/** Every setting, in the order of the flags. */
export const settingsTable: Readonly<Record<keyof TrainingSettings, SettingFacts>> = {
  epochs: {
    range: whole(1),
    flag: "--epochs <n>",
    help: "passes over the text",
    mayChange: true,
    form: { label: "Epochs", hint: "Times it reads the whole text.", min: 1, max: 1000, step: 1 },
  },
  maxSteps: {
    range: whole(1),
    optional: true,
    flag: "--max-steps <n>",
    help: "stop after this many updates",
    mayChange: true,
  },
  units: {
    range: { kind: "list", of: whole(1), least: 1, most: 4 },
    flag: "--units <n,...>",
    help: "width of the LSTM state, or of each layer's",
    form: {
      label: "Units",
      hint: "Memory cells in each layer: more remember more, and take longer.",
      ...{ min: 4, max: 1024, step: 1 },
    },
  },
  dropout: {
    range: share,
    flag: "--dropout <share>",
    help: "share of each layer's outputs dropped in training",
    form: {
      label: "Dropout",
      hint: "Share of outputs left out in training, so that it learns rather than memorizes.",
      ...{ min: 0, max: 0.8, step: 0.05, slider: "share" },
    },
  },
  window: {
    range: whole(1),
    flag: "--window <n>",
    help: "characters of a window or of a truncated stretch",
    form: { label: "Window", hint: "Characters it looks back over when it learns.", min: 4, max: 512, step: 1 },
  },
  stride: {
    range: whole(1),
    flag: "--stride <n>",
    help: "characters between two window starts",
    form: { label: "Stride", hint: "Characters between the starts of two windows.", min: 1, max: 512, step: 1 },
  },
  batch: {
    range: whole(1),
    flag: "--batch <n>",
    help: "rows of a batch",
    form: {
      label: "Batch",
      hint: "Stretches of text read side by side for one update.",
      ...{ min: 1, max: 1024, step: 1 },
    },
  },
  objective: {
    range: { kind: "choice", of: ["window", "sequence"] },
    flag: "--objective <name>",
    help: "what the loss is taken over",
    form: {
      label: "Objective",
      hint: "Sequence learns from every character it reads; window only from the one after each window, as the notebook does.",
      titles: { sequence: "Sequence", window: "Window" },
    },
  },
  optimizer: {
    range: { kind: "optimizer", of: Object.keys(optimizerSettings) },
    flag: "--optimizer <name>",
    help: "how gradients become updates",
    form: {
      label: "Optimizer",
      hint: "How it corrects itself after each batch.",
      titles: { adam: "Adam", adamw: "AdamW", rmsprop: "RMSprop", sgd: "SGD" },
    },
  },
  learningRate: {
    range: { kind: "number", above: 0 },
    flag: "--learning-rate <rate>",
    help: "the highest learning rate",
    mayChange: true,
    form: {
      label: "Learning rate",
      hint: "Size of the corrections: too small is slow, too large runs away.",
      ...{ min: 0.00001, max: 1, step: "any" },
    },
  },
  warmupSteps: {
    range: whole(0),
    flag: "--warmup-steps <n>",
    help: "updates over which the learning rate rises",
    mayChange: true,
  },
  decay: {
    range: { kind: "choice", of: ["constant", "cosine"] },
    flag: "--decay <name>",
    help: "how the learning rate falls",
    mayChange: true,
    form: {
      label: "Schedule",
      hint: "Whether the learning rate sinks to the end.",
      titles: { cosine: "Sinks (cosine)", constant: "Stays" },
    },
  },
  finalRate: {
    range: { kind: "number", from: 0, to: 1 },
    flag: "--final-rate <share>",
    help: "share of the learning rate left at the end",
    mayChange: true,
  },
  clipNorm: {
    range: zeroOrMore,
    optional: true,
    flag: "--clip-norm <norm>",
    help: "largest global norm of the gradient; 0: no clipping",
    mayChange: true,
    form: {
      label: "Largest gradient",
      hint: "Longer corrections are cut to this length; 0 cuts none.",
      ...{ min: 0, max: 1000, step: "any" },
    },
  },
  items: {
    range: { kind: "choice", of: itemKinds },
    optional: true,
    flag: "--items <kind>",
    help: "what of the text is an item that is learnt from its beginning to its end",
    form: {
      label: "Items",
      hint: "What of the text is learnt as a whole, from its beginning to its end: it then writes such items, as many as you like.",
      none: "None: one long text",
      titles: { line: "Each line", paragraph: "Each paragraph", file: "Each file" },
    },
  },
  heldOut: {
    range: share,
    flag: "--held-out <share>",
    help: "share of each text, at its end, or of the items, that only measures",
    form: {
      label: "Held out",
      hint: "Share of the text, at its end, that it never trains on: the fair test.",
      ...{ min: 0, max: 0.5, step: 0.01, slider: "percent" },
    },
  },
  temperatures: {
    range: { kind: "list", of: zeroOrMore, least: 0, most: Number.POSITIVE_INFINITY },
    flag: "--temperatures <t,...>",
    help: "temperatures of the samples",
    mayChange: true,
  },
  sampleLength: {
    range: whole(0),
    flag: "--sample-length <n>",
    help: "characters of each sample",
    mayChange: true,
  },
  patience: {
    range: whole(0),
    optional: true,
    flag: "--patience <n>",
    help: "stop after n epochs without a new lowest loss; 0: never",
    mayChange: true,
  },
  seed: {
    range: whole(0),
    flag: "--seed <n>",
    help: "starts every random choice",
    form: { label: "Seed", hint: "The same seed gives the same run.", min: 0, max: 1_000_000_000, step: 1 },
  },
};

/** Whether a value lies in a range. */
export function isInRange(range: SettingRange, value: unknown): boolean {
  switch (range.kind) {
    case "whole":
      return Number.isSafeInteger(value) && (value as number) >= range.least;
    case "number": {
      const { from = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = range;
      const { to = Number.POSITIVE_INFINITY, below = Number.POSITIVE_INFINITY } = range;
      return typeof value === "number" && value >= from && value > above && value <= to && value < below;
    }
    case "choice":
      return range.of.includes(value as string);
    case "list": {
      const isLong = Array.isArray(value) && value.length >= range.least && value.length <= range.most;
      return isLong && value.every((each) => isInRange(range.of, each));
    }
    case "optimizer":
      return typeof value === "object" && value !== null && range.of.includes((value as { name: string }).name);
  }
}

/** What a range has, in the words of a message, such as `a whole number, 1 or more`. */
export function expectedOf(range: SettingRange): string {
  switch (range.kind) {
    case "whole":
      return `a whole number, ${range.least} or more`;
    case "number":
      if (range.above !== undefined) return `a number above ${range.above}`;
      if (range.below !== undefined) return `a number from ${range.from} up to, not including, ${range.below}`;
      return range.to === undefined ? `a number, ${range.from} or more` : `a number from ${range.from} to ${range.to}`;
    case "choice":
      return quoted(range.of);
    case "list": {
      const count = Number.isFinite(range.most) ? `${range.least} to ${range.most} of them, ` : "";
      return `a list, ${count}each ${expectedOf(range.of)}`;
    }
    case "optimizer":
      return `an object with the name ${quoted(range.of)}`;
  }
}

const quoted = (values: readonly string[]) =>
  values
    .map((value) => JSON.stringify(value))
    .join(", ")
    .replace(/, (?=[^,]*$)/, " or ");
