import { axisLook, wholeDistances } from "@charlstm/look/chart";
import uPlot from "uplot";
import { formatCount } from "../logic/format.js";

/** A chart of losses over steps, and what takes it away again. */
export interface StepChart {
  chart: uPlot;
  end(): void;
}

/** How every curve of losses is drawn. */
export const lossLine = { width: 2, spanGaps: true, points: { show: false } } satisfies uPlot.Series;
/** What tells held-out text's from the training text's. */
export const heldOutDash = [6, 4];

/** Draws losses over steps into an element, as wide as it is from then on. */
export function drawStepChart(
  element: HTMLElement,
  data: uPlot.AlignedData,
  { height, series }: { height: number; series: uPlot.Series[] },
): StepChart {
  const axis = axisLook();
  const options: uPlot.Options = {
    ...{ width: element.clientWidth, height, legend: { show: false }, cursor: { drag: { x: false, y: false } } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, incrs: wholeDistances, values: (_, steps) => steps.map(formatCount) },
      { ...axis, size: 44, values: (_, losses) => losses.map((loss) => loss.toFixed(1)) },
    ],
    series: [{}, ...series],
  };
  const chart = new uPlot(options, data, element);
  const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
  observer.observe(element);
  return {
    chart,
    end() {
      observer.disconnect();
      chart.destroy();
    },
  };
}
