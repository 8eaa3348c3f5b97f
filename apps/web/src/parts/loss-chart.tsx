import { colour } from "@charlstm/look/chart";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { formatCount } from "../logic/format.js";
import { inUnit, mergeSeries } from "../logic/loss-series.js";
import { heldOutLosses, lossUnit, trainLosses } from "../state/run.js";
import { drawStepChart, heldOutDash, lossLine } from "./step-chart.js";
import { isDark } from "./theme-switch.js";

const height = 260;

/** The loss over the steps, live: the training text and the held-out text. */
export default function LossChart() {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const unit = lossUnit.value;
  const colours = isDark.value;
  const data = mergeSeries(trainLosses.value, heldOutLosses.value, (loss) => inUnit(loss, unit));

  useEffect(() => {
    const drawn = drawStepChart(place.current!, data, {
      height,
      series: [
        { ...lossLine, label: "training text", stroke: colour("--accent") },
        { ...lossLine, label: "held-out text", stroke: colour("--warm"), dash: heldOutDash },
      ],
    });
    chart.current = drawn.chart;
    return drawn.end;
  }, [colours]);

  useEffect(() => chart.current?.setData(data), [trainLosses.value, heldOutLosses.value, unit]);

  const last = trainLosses.value.at(-1);
  const label = last
    ? `Loss over ${formatCount(last.step)} steps: now ${inUnit(last.loss, unit).toFixed(3)} ${unit} per character`
    : "Loss, no steps yet";
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}
