import { axisLook, colour, wholeDistances } from "@charlstm/look/chart";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { ModelRecord } from "../files/records.js";
import { formatCount } from "../logic/format.js";
import { inUnit, type LossPoint, type LossUnit } from "../logic/loss-series.js";
import { isDark } from "./theme-switch.js";

/** Runs in one chart at the most: more lines, and colours, can't be told apart. */
export const mostRuns = 6;

const height = 280;

/** The losses of several runs over their steps: of each the training text's, and the held-out text's beside it. */
export function RunsChart({ runs, unit }: { runs: readonly ModelRecord[]; unit: LossUnit }) {
  const place = useRef<HTMLDivElement>(null);
  const colours = isDark.value;
  const names = runs.map(({ id, step }) => `${id} ${step}`).join();
  useEffect(() => {
    const element = place.current!;
    const curves = runs.flatMap(({ losses }) => [losses.train, losses.heldOut]).map((points) => curve(points, unit));
    const chart = new uPlot(optionsFor(runs, element.clientWidth), uPlot.join(curves) as uPlot.AlignedData, element);
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [colours, names, unit]);
  const titles = runs.map(({ title }) => title).join(", ");
  return <div class="chart tall" ref={place} role="img" aria-label={`Losses over the steps, in ${unit}: ${titles}`} />;
}

const curve = (points: readonly LossPoint[], unit: LossUnit): uPlot.AlignedData => [
  points.map(({ step }) => step),
  points.map(({ loss }) => inUnit(loss, unit)),
];

function optionsFor(runs: readonly ModelRecord[], width: number): uPlot.Options {
  const axis = axisLook();
  const line = { width: 2, spanGaps: true, points: { show: false } };
  return {
    ...{ width, height, legend: { show: false }, cursor: { drag: { x: false, y: false } } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, incrs: wholeDistances, values: (_, steps) => steps.map(formatCount) },
      { ...axis, size: 44, values: (_, losses) => losses.map((loss) => loss.toFixed(1)) },
    ],
    series: [
      {},
      ...runs.flatMap(({ title }, index) => [
        { ...line, label: title, stroke: colour(`--run-${index}`) },
        { ...line, label: `${title}, held-out`, stroke: colour(`--run-${index}`), dash: [6, 4] },
      ]),
    ],
  };
}
