import { axisLook, colour, wholeDistances } from "@charlstm/look/chart";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { tick } from "./format.js";
import { type Curve, logTicks, type Plot } from "./series.js";
import type { Theme } from "./theme.js";

export type Range = readonly [from: number, to: number];

interface ChartProps {
  plot: Plot;
  height: number;
  isLog: boolean;
  theme: Theme;
  /** The part of the axis that is shown; all of it when missing. */
  range: Range | undefined;
  onRange(range: Range | undefined): void;
  /** An x with a line through it. */
  mark?: number | undefined;
  /** Pointed at: the place in `plot.xs`. */
  onPoint?(index: number | undefined): void;
  /** Clicked. */
  onChoose?(index: number): void;
  /** What a reader hears who does not see it. */
  label: string;
}

/** Curves that are zoomed by dragging, and back by a double click. */
export function Chart(props: ChartProps) {
  const { plot, height, isLog, theme, range, mark, label } = props;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = place.current!;
    const data = [plot.xs, ...plot.curves.map(({ values }) => values)] as uPlot.AlignedData;
    const made = new uPlot(optionsFor(element.clientWidth, latest), data, element);
    made.over.addEventListener("click", () => {
      const { idx } = made.cursor;
      if (made.select.width === 0 && typeof idx === "number") latest.current.onChoose?.(idx);
    });
    made.over.addEventListener("dblclick", () => latest.current.onRange(undefined));
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [plot, height, isLog, theme]);

  useEffect(() => {
    const [min, max] = shownRange(plot, range);
    chart.current?.setScale("x", { min, max });
  }, [plot, height, isLog, theme, range?.[0], range?.[1]]);

  useEffect(() => chart.current?.redraw(false), [mark]);

  return <div class="chart" ref={place} role="img" aria-label={label} />;
}

/** All of the axis, or what was chosen; a single point stands in the middle. */
function shownRange({ xs }: Plot, range: Range | undefined): Range {
  const [from, to] = range ?? [xs[0] ?? 0, xs.at(-1) ?? 1];
  const around = range ? 1 : from / 2 || 1;
  return to > from ? [from, to] : [from - around, from + around];
}

function optionsFor(width: number, latest: { current: ChartProps }): uPlot.Options {
  const { plot, height, isLog } = latest.current;
  const axis: uPlot.Axis = {
    ...axisLook(),
    values: (_, ticks) => ticks.map((value) => (value === null ? "" : tick(value))),
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      sync: { key: "report" },
      points: { size: 7 },
    },
    scales: {
      x: { time: false, range: () => [...shownRange(latest.current.plot, latest.current.range)] },
      y: isLog ? { distr: 3, range: (_, min, max) => [min / 1.03, max * 1.03] } : {},
    },
    axes: [
      { ...axis, space: 60, size: 28, ...(plot.xs.every(Number.isInteger) ? { incrs: wholeDistances } : {}) },
      isLog
        ? { ...axis, size: 56, splits: (_, __, min, max) => logTicks(min, max), filter: (_, splits) => splits }
        : { ...axis, size: 56, space: 28 },
    ],
    series: [{}, ...plot.curves.map((curve) => seriesOf(curve, plot.xs.length))],
    hooks: {
      draw: [(drawn) => drawMark(drawn, latest.current.mark)],
      setCursor: [({ cursor }) => latest.current.onPoint?.(cursor.idx ?? undefined)],
      setSelect: [
        (drawn) => {
          const { left, width: dragged } = drawn.select;
          if (dragged < 4) return;
          latest.current.onRange([drawn.posToVal(left, "x"), drawn.posToVal(left + dragged, "x")]);
          drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

const dashes: Partial<Record<Curve["kind"], number[]>> = { training: [6, 4], baseline: [2, 5] };

function seriesOf({ name, colour: place, kind }: Curve, points: number): uPlot.Series {
  const stroke = colour(`--run-${place % 8}`);
  const dash = dashes[kind];
  return {
    label: name,
    stroke,
    width: kind === "held out" || kind === "rate" || kind === "speed" ? 2 : 1.5,
    spanGaps: true,
    points: { show: kind !== "baseline" && points <= 60, size: 5, fill: stroke },
    ...(dash && { dash }),
  };
}

function drawMark({ ctx, bbox, valToPos, scales }: uPlot, mark: number | undefined): void {
  const { min, max } = scales.x!;
  if (mark === undefined || min == null || max == null || mark < min || mark > max) return;
  const x = Math.round(valToPos(mark, "x", true));
  ctx.save();
  ctx.strokeStyle = colour("--muted");
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
