// Line charts as SVG text, for files that are looked at without a program: the loss of a run, a process's memory over time.
import { nice, ticks } from "d3-array";

const margin = { top: 56, right: 32, bottom: 80, left: 64 };
const gap = 50;
const legendGap = 24;
const text = "#54555a";
const line = "#dbdee4";

/**
 * Panels below one another with one x axis, a title above and a legend below.
 *
 * @type {import("./line-chart.js").lineChart}
 */
export function lineChart({ title, width = 720, height = 440, x, panels }) {
  const all = panels.flatMap(({ series }) => series);
  const inner = (height - margin.top - margin.bottom - gap * (panels.length - 1)) / panels.length;
  const xAxis = axisOf(x.ends ?? extent(all.flatMap(({ points }) => points.map(([at]) => at))), 10, x.isWhole);
  const drawn = panels.map((panel, index) => {
    const top = margin.top + index * (inner + gap);
    return drawPanel({ ...panel, xAxis, top, bottom: top + inner, right: width - margin.right });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    label(width / 2, 24, title, `font-size="18" font-weight="bold" fill="#333539"`),
    ...drawn,
    label(width / 2, height - margin.bottom + 40, x.name),
    ...legend(
      all.filter(({ name }) => name !== undefined),
      width / 2,
      height - 18,
    ),
    "</svg>\n",
  ].join("\n");
}

function drawPanel({ name, ends, series, xAxis, top, bottom, right }) {
  const yAxis = axisOf(ends ?? extent(series.flatMap(({ points }) => points.map(([, value]) => value))), 6);
  const y = scale(yAxis, bottom, top);
  const x = scale(xAxis, margin.left, right);
  return [
    ...yAxis.ticks.map((tick) => rule(margin.left, y(tick), right, y(tick), line)),
    ...yAxis.ticks.map((tick) => label(margin.left - 8, y(tick) + 4, number(tick), `text-anchor="end" fill="${text}"`)),
    ...xAxis.ticks.map((tick) => label(x(tick), bottom + 18, number(tick))),
    rule(margin.left, bottom, right, bottom, text),
    `<g transform="rotate(-90 20 ${(top + bottom) / 2})">${label(20, (top + bottom) / 2 + 4, name)}</g>`,
    ...series.map(({ color, points, hasDots }) => {
      const places = points.map(([at, value]) => [round(x(at)), round(y(value))]);
      const path = `<polyline fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round" points="${places.join(" ")}"/>`;
      const dots = hasDots ? places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`) : [];
      return [path, ...dots].join("");
    }),
  ].join("\n");
}

/** Ends at round numbers, and the round numbers between. */
function axisOf([low, high], count, isWhole = false) {
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : isWhole ? [low, high] : nice(low, high, count);
  return { from, to, ticks: ticks(from, to, count).filter((tick) => !isWhole || Number.isInteger(tick)) };
}

const extent = (values) =>
  values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0] ?? 0, values[0] ?? 1],
  );

const scale =
  ({ from, to }, start, end) =>
  (value) =>
    start + ((value - from) / (to - from)) * (end - start);

function legend(series, middle, y) {
  // Widths of letters differ; seven a letter is about right for the typeface.
  const widths = series.map(({ name }) => 24 + 7 * name.length);
  let at = middle - (widths.reduce((sum, each) => sum + each, 0) + legendGap * (series.length - 1)) / 2;
  return series.map(({ name, color }, index) => {
    const left = at;
    at += widths[index] + legendGap;
    return `<rect x="${round(left)}" y="${y - 8}" width="18" height="4" rx="2" fill="${color}"/>${label(left + 24, y - 2, name, `text-anchor="start" fill="${text}"`)}`;
  });
}

const rule = (x1, y1, x2, y2, color) =>
  `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${color}"/>`;

function label(x, y, words, attributes = `fill="${text}"`) {
  const anchor = attributes.includes("text-anchor") ? "" : ' text-anchor="middle"';
  return `<text x="${round(x)}" y="${round(y)}"${anchor} ${attributes}>${escaped(words)}</text>`;
}

const number = (value) => String(Number(value.toFixed(6)));
const round = (value) => Number(value.toFixed(1));
const escaped = (words) => words.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
