export interface ChartSeries {
  /** In the legend; without one it is not there. */
  name?: string;
  color: string;
  /** `[x, y]`, all finite. */
  points: readonly (readonly [number, number])[];
  hasDots?: boolean;
}

export interface LineChart {
  title: string;
  /** Pixels. Defaults: 720 and 440. */
  width?: number;
  height?: number;
  x: { name: string; ends?: readonly [number, number]; isWhole?: boolean };
  /** Each with its own y axis, from the lowest to the highest point unless its ends are given. */
  panels: readonly { name: string; ends?: readonly [number, number]; series: readonly ChartSeries[] }[];
}

/** SVG, from `<svg ` to its end. */
export function lineChart(chart: LineChart): string;
