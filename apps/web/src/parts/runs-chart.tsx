import { colour } from "@charlstm/look/chart";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { ModelRecord } from "../files/records.js";
import { inUnit, type LossPoint, type LossUnit } from "../logic/loss-series.js";
import { drawStepChart, heldOutDash, lossLine } from "./step-chart.js";
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
    const curves = runs.flatMap(({ losses }) => [losses.train, losses.heldOut]).map((points) => curve(points, unit));
    const series = runs.flatMap(({ title }, index) => [
      { ...lossLine, label: title, stroke: colour(`--run-${index}`) },
      { ...lossLine, label: `${title}, held-out`, stroke: colour(`--run-${index}`), dash: heldOutDash },
    ]);
    return drawStepChart(place.current!, uPlot.join(curves) as uPlot.AlignedData, { height, series }).end;
  }, [colours, names, unit]);
  const titles = runs.map(({ title }) => title).join(", ");
  return <div class="chart tall" ref={place} role="img" aria-label={`Losses over the steps, in ${unit}: ${titles}`} />;
}

const curve = (points: readonly LossPoint[], unit: LossUnit): uPlot.AlignedData => [
  points.map(({ step }) => step),
  points.map(({ loss }) => inUnit(loss, unit)),
];
