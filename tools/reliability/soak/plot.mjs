import { lineChart } from "@charlstm/look/line-chart";

const panels = [
  { name: "megabytes", series: { rss: "resident", heap: "JavaScript heap", wasm: "WebAssembly" } },
  { name: "open", series: { handles: "file handles", threads: "threads", tensors: "tensors" } },
];
const colors = ["#1f6feb", "#d1242f", "#1a7f37", "#8250df", "#bf8700", "#57606a"];

/** At most this many points a line; each shows the most of the lives that it stands for. */
const points = 120;

/** Memory above, what is counted below, by minute. */
export function drawFigures(figures) {
  const keys = panels.flatMap(({ series }) => Object.keys(series));
  return lineChart({
    title: "What one process holds after each life",
    height: 520,
    x: { name: "minutes" },
    panels: panels.map(({ name, series }) => {
      const drawn = Object.entries(series).map(([key, each]) => {
        return { name: each, color: colors[keys.indexOf(key)], points: mostOf(figures, key) };
      });
      return {
        name,
        ends: [0, Math.max(1, ...drawn.flatMap((each) => each.points.map(([, most]) => most)))],
        series: drawn,
      };
    }),
  });
}

function mostOf(figures, key) {
  const size = Math.ceil(figures.length / points);
  return Array.from({ length: Math.ceil(figures.length / size) }, (_, part) => {
    const lives = figures.slice(part * size, (part + 1) * size);
    return [Math.round(lives[0].minute * 10) / 10, Math.max(...lives.map((each) => each[key]))];
  });
}
