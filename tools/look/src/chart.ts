import type uPlot from "uplot";

/** A colour of `theme.css` as a canvas takes it; ask again when the scheme changes. */
export function colour(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What every axis has. */
export function axisLook(): uPlot.Axis {
  return {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
}

/** Distances between the ticks of an axis of whole numbers: there is no half epoch. */
export const wholeDistances: number[] = Array.from({ length: 12 }, (_, power) => 10 ** power).flatMap((unit) => [
  unit,
  2 * unit,
  5 * unit,
]);
