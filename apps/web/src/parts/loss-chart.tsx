import { axisLook, colour, wholeDistances } from "@charlstm/look/chart";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatCount } from "../logic/format.js";
import { inUnit, mergeSeries } from "../logic/loss-series.js";
import { heldOutLosses, lossUnit, trainLosses } from "../state/run.js";
import { isDark } from "./theme-switch.js";

const height = 260;

/** The loss over the steps, live: the training text and the held-out text. */
export function LossChart() {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const unit = lossUnit.value;
  const colours = isDark.value;
  const data = mergeSeries(trainLosses.value, heldOutLosses.value, (loss) => inUnit(loss, unit));

  useEffect(() => {
    const element = place.current!;
    const made = new uPlot(optionsFor(element.clientWidth), data, element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [colours]);

  useEffect(() => chart.current?.setData(data), [trainLosses.value, heldOutLosses.value, unit]);

  const last = trainLosses.value.at(-1);
  const label = last
    ? `Loss over ${formatCount(last.step)} steps: now ${inUnit(last.loss, unit).toFixed(3)} ${unit} per character`
    : "Loss, no steps yet";
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}

function optionsFor(width: number): uPlot.Options {
  const axis = axisLook();
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, incrs: wholeDistances, values: (_, steps) => steps.map(formatCount) },
      { ...axis, size: 44, values: (_, losses) => losses.map((loss) => loss.toFixed(1)) },
    ],
    series: [
      {},
      { label: "training text", stroke: colour("--accent"), width: 2, spanGaps: true, points: { show: false } },
      {
        label: "held-out text",
        stroke: colour("--warm"),
        width: 2,
        spanGaps: true,
        dash: [6, 4],
        points: { show: false },
      },
    ],
  };
}
