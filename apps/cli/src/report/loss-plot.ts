import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** What the plot shows of an epoch. */
interface PlottedEpoch {
  epoch: number;
  loss: number;
  heldOutLoss?: number | null | undefined;
}

/** The notebook's plot, as SVG: training loss by epoch, and the held-out loss where there is one. */
export function lossPlot(history: readonly PlottedEpoch[]): string {
  const series = [
    { name: "training loss", points: history.map(({ epoch, loss }) => [epoch, loss]) },
    {
      name: "held-out loss",
      points: history.flatMap(({ epoch, heldOutLoss }) => (heldOutLoss == null ? [] : [[epoch, heldOutLoss]])),
    },
  ].filter(({ points }) => points.length > 0);
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 720, height: 440 });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      color: ["#1f6feb", "#d1242f"],
      title: { text: "Loss by epoch", left: "center", top: 8 },
      legend: { bottom: 8, data: series.map(({ name }) => name) },
      grid: { left: 64, right: 32, top: 56, bottom: 80 },
      xAxis: {
        type: "value",
        name: "epoch",
        nameLocation: "middle",
        nameGap: 28,
        minInterval: 1,
        min: 1,
        max: Math.max(2, history.at(-1)?.epoch ?? 2),
        splitLine: { show: false },
      },
      yAxis: { type: "value", name: "nats per character", nameLocation: "middle", nameGap: 44, scale: true },
      series: series.map(({ name, points }) => ({
        name,
        type: "line",
        data: points,
        showSymbol: points.length <= 60,
        symbolSize: 6,
      })),
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
