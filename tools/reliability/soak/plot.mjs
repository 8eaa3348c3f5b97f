import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const panels = [
  { title: "megabytes", names: { rss: "resident", heap: "JavaScript heap", wasm: "WebAssembly" } },
  { title: "open", names: { handles: "file handles", threads: "threads", tensors: "tensors" } },
];

/** At most this many points a line; each shows the most of the lives that it stands for. */
const points = 120;

/** Memory above, what is counted below, by minute. */
export function drawFigures(figures) {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 720, height: 520 });
  const series = panels.flatMap(({ names }, index) =>
    Object.entries(names).map(([key, name]) => ({
      ...{ name, type: "line", showSymbol: false, xAxisIndex: index, yAxisIndex: index },
      data: mostOf(figures, key),
    })),
  );
  const grids = [
    { left: 64, right: 32, top: 56, height: 160 },
    { left: 64, right: 32, top: 266, height: 160 },
  ];
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      title: { text: "What one process holds after each life", left: "center", top: 8 },
      legend: { bottom: 8 },
      grid: grids,
      xAxis: panels.map((_, gridIndex) => ({
        ...{ gridIndex, type: "value", splitLine: { show: false } },
        ...(gridIndex === panels.length - 1 ? { name: "minutes", nameLocation: "middle", nameGap: 28 } : {}),
      })),
      yAxis: panels.map(({ title }, gridIndex) => ({
        ...{ gridIndex, type: "value", min: 0, name: title, nameLocation: "middle", nameGap: 44 },
      })),
      series,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function mostOf(figures, key) {
  const size = Math.ceil(figures.length / points);
  return Array.from({ length: Math.ceil(figures.length / size) }, (_, part) => {
    const lives = figures.slice(part * size, (part + 1) * size);
    return [Math.round(lives[0].minute * 10) / 10, Math.max(...lives.map((each) => each[key]))];
  });
}
