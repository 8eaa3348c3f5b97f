// What a sweep tries: for each setting a list, a range or a logarithmic range, from flags or from sweep.json.
import {
  expectedOf,
  isInRange,
  type OptimizerConfig,
  type SettingRange,
  settingsTable,
  type TrainingSettings,
} from "@charlstm/training";

/** The settings that trials of one sweep may differ in: others would make their held-out losses of different things. */
export type Varied = Exclude<
  keyof TrainingSettings,
  "heldOut" | "items" | "temperatures" | "sampleLength" | "seed" | "patience" | "maxSteps"
>;

/** Values of settings, as flags have them: the optimizer by its name. */
export type Values = Partial<Omit<TrainingSettings, "optimizer">> & { optimizer?: OptimizerConfig["name"] };

export type Axis =
  | { readonly kind: "list"; readonly values: readonly unknown[] }
  | { readonly kind: "range"; readonly from: number; readonly to: number; readonly isLog: boolean };

export type Space = Readonly<Partial<Record<Varied, Axis>>>;

const fixed: ReadonlySet<string> = new Set([
  ...["heldOut", "items", "temperatures", "sampleLength", "seed", "patience", "maxSteps"],
]);

export const variedNames = Object.keys(settingsTable).filter((name): name is Varied => !fixed.has(name));

/** How the values of a setting are written, for help and messages. */
export const axisForms = "a list 1,2,3, a range from:to, or a logarithmic range from~to";

/**
 * Reads what is to be tried of a setting.
 *
 * @param given A flag's text; or of sweep.json a number, a list, or the same text.
 * @returns The axis, or what is wrong with each value.
 */
export function axisOf(name: Varied, given: unknown): Axis | { readonly problems: readonly string[] } {
  const { range } = settingsTable[name];
  if (typeof given === "string") {
    const [, from, sign, to] = /^([^:~]*)([:~])([^:~]*)$/.exec(given) ?? [];
    if (sign !== undefined) return rangeOf(name, range, { from: from!, to: to!, isLog: sign === "~" });
  }
  const list = typeof given === "string" ? given.split(",") : Array.isArray(given) ? given : [given];
  if (list.length === 0) return { problems: ["it is empty: name a value"] };
  const values = list.map((each) => parseValue(range, each));
  const problems = values.flatMap((value, index) =>
    value === undefined ? [`${JSON.stringify(list[index])} has to be ${expected(range)}`] : [],
  );
  if (problems.length > 0) return { problems };
  return { kind: "list", values: [...new Map(values.map((value) => [JSON.stringify(value), value])).values()] };
}

/** Whether numbers between two others are values of a setting: of `units` such a number is one layer's width. */
function numbersOf(range: SettingRange): SettingRange | undefined {
  if (range.kind === "whole" || range.kind === "number") return range;
  return range.kind === "list" ? numbersOf(range.of) : undefined;
}

function rangeOf(
  name: Varied,
  range: SettingRange,
  { from, to, isLog }: { from: string; to: string; isLog: boolean },
): Axis | { problems: string[] } {
  const numbers = numbersOf(range);
  if (numbers === undefined) return { problems: [`${name} has no range: name a list of ${expected(range)}`] };
  const ends = [from, to].map((end) => numberIn(numbers, end));
  const problems = ends.flatMap((end, index) =>
    end === undefined ? [`its end "${[from, to][index]}" has to be ${expectedOf(numbers)}`] : [],
  );
  const [low, high] = ends;
  if (low === undefined || high === undefined) return { problems };
  if (low >= high) return { problems: [`it goes from ${low} to ${high} and is empty: name the lower end first`] };
  if (isLog && low <= 0) return { problems: [`a logarithmic range begins above 0, it begins at ${low}`] };
  return { kind: "range", from: low, to: high, isLog };
}

function numberIn(range: SettingRange, given: unknown): number | undefined {
  const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  return isInRange(range, value) ? (value as number) : undefined;
}

function parseValue(range: SettingRange, given: unknown): unknown {
  switch (range.kind) {
    case "list": {
      const layers = typeof given === "string" ? given.split("+") : Array.isArray(given) ? given : [given];
      const widths = layers.map((width) => parseValue(range.of, width));
      return isInRange(range, widths) ? widths : undefined;
    }
    case "optimizer":
      return range.of.includes(given as string) ? given : undefined;
    case "choice":
      return isInRange(range, given) ? given : undefined;
    default:
      return numberIn(range, given);
  }
}

function expected(range: SettingRange): string {
  if (range.kind === "list") return `widths of ${range.least} to ${range.most} layers such as 128 or 128+64`;
  if (range.kind === "optimizer") return range.of.join(", ").replace(/, (?=[^,]*$)/, " or ");
  return expectedOf(range);
}

/** Whether a setting's numbers are whole ones. */
export function isWhole(name: Varied): boolean {
  return numbersOf(settingsTable[name].range)?.kind === "whole";
}

/** A value as a command line would have it. */
export function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join("+") : String(value);
}

/** What a trial was given, as `units 128, dropout 0.2`. */
export function valuesText(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${wordsOf(name)} ${valueText(value)}`)
    .join(", ");
}

/** `learningRate` as `learning rate`. */
export function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
