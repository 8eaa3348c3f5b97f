// Parallel coordinates as SVG: an axis for each setting in which trials differ, and one for the loss; a line through them is a trial.
import { escapeHtml } from "../report/html-page.js";
import { trialName } from "./folder.js";
import { type Ranked, variedIn } from "./ranking.js";
import { type Values, type Varied, valuesText, valueText, wordsOf } from "./space.js";

const height = 380;
const gap = 170;
const margin = { top: 46, bottom: 24, side: 80 };

interface Axis {
  name: string;
  /** From 0, at the foot, to 1; `undefined` for a trial that has nothing there. */
  place(ranked: Ranked): number | undefined;
  ticks: readonly (readonly [place: number, label: string])[];
}

/** The plot, the best trials in front; trials without a loss have no line. */
export function parallelPlot(ranked: readonly Ranked[], lossName: string): string {
  const drawn = ranked.filter(({ result }) => result?.loss != null);
  const settings = variedIn(ranked.map(({ trial }) => trial)).map((name) => settingAxis(name, drawn));
  const axes = [...settings, lossAxis(drawn, lossName)];
  const width = 2 * margin.side + gap * Math.max(1, axes.length - 1);
  const x = (axis: number) => margin.side + gap * axis;
  const y = (place: number) => height - margin.bottom - place * (height - margin.top - margin.bottom);
  const lines = byLoss(drawn).map((each, index) => {
    const points = axes.map((axis, place) => `${x(place)},${y(axis.place(each)!).toFixed(1)}`);
    const { trial, result } = each;
    const title = `${trialName(trial.id)}: ${lossName} ${result!.loss!.toFixed(4)}, ${valuesText(trial.values)}`;
    return `<polyline class="${shade(index, drawn.length)}" points="${points.join(" ")}"><title>${escapeHtml(title)}</title></polyline>`;
  });
  const marks = axes.map((axis, place) => {
    const at = x(place);
    const labels = axis.ticks.map(
      ([tick, label]) => `<text x="${at - 8}" y="${(y(tick) + 4).toFixed(1)}" class="tick">${escapeHtml(label)}</text>`,
    );
    return `<path d="M${at} ${y(0)}V${y(1)}"/><text x="${at}" y="24" class="axis">${escapeHtml(axis.name)}</text>${labels.join("")}`;
  });
  const label = `Parallel coordinates of ${drawn.length} trials: ${axes.map(({ name }) => name).join(", ")}`;
  return `<svg class="parallel" role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${marks.join("\n")}
${lines.toReversed().join("\n")}
</svg>`;
}

const byLoss = (ranked: readonly Ranked[]) =>
  ranked.toSorted((one, other) => one.result!.loss! - other.result!.loss! || one.trial.id - other.trial.id);

/** The best, the first quarter, the rest. */
function shade(index: number, count: number): string {
  return index === 0 ? "best" : index < count / 4 ? "good" : "rest";
}

function lossAxis(drawn: readonly Ranked[], name: string): Axis {
  const losses = drawn.map(({ result }) => result!.loss!);
  return {
    name,
    ...numberScale(losses, (value) => value.toFixed(3)),
    place: placeIn(losses, ({ result }) => result!.loss!),
  };
}

function settingAxis(name: Varied, drawn: readonly Ranked[]): Axis {
  const numberAt = ({ trial }: Ranked) => numberOf(trial.values[name]);
  const numbers = drawn.map(numberAt);
  if (numbers.every((value): value is number => value !== undefined)) {
    const isLog =
      Math.min(...numbers) > 0 && (name === "learningRate" || Math.max(...numbers) >= 8 * Math.min(...numbers));
    const scale = isLog ? Math.log : (value: number) => value;
    const back = isLog ? Math.exp : (value: number) => value;
    const scaled = numbers.map(scale);
    const labels = numberScale(scaled, (value) => String(Number(back(value).toPrecision(3))));
    return { name: wordsOf(name), ...labels, place: placeIn(scaled, (ranked) => scale(numberAt(ranked)!)) };
  }
  const texts = [...new Set(drawn.map(({ trial }) => valueText(trial.values[name])))];
  const placeOf = (text: string) => (texts.length === 1 ? 0.5 : texts.indexOf(text) / (texts.length - 1));
  return {
    name: wordsOf(name),
    place: ({ trial }) => placeOf(valueText(trial.values[name])),
    ticks: texts.map((text) => [placeOf(text), text] as const),
  };
}

function numberOf(value: Values[keyof Values]): number | undefined {
  if (Array.isArray(value) && value.length === 1) return value[0];
  return typeof value === "number" ? value : undefined;
}

function numberScale(values: readonly number[], label: (value: number) => string): Pick<Axis, "ticks"> {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(low < high)) return { ticks: [[0.5, label(low)]] };
  return { ticks: [0, 0.25, 0.5, 0.75, 1].map((place) => [place, label(low + place * (high - low))] as const) };
}

function placeIn(values: readonly number[], numberAt: (ranked: Ranked) => number): Axis["place"] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (ranked) => (low < high ? (numberAt(ranked) - low) / (high - low) : 0.5);
}
