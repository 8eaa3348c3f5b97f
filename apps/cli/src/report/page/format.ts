export type LossUnit = "nats" | "bits";

/** A loss in the unit that the reader chose. */
export const inUnit = (loss: number, unit: LossUnit): number => (unit === "bits" ? loss / Math.LN2 : loss);

export const count = (value: number): string => Math.round(value).toLocaleString("en");

/** A loss with as many digits as runs differ in; a dash where there is none. */
export function lossText(loss: number | null | undefined, unit: LossUnit = "nats"): string {
  return loss === null || loss === undefined ? "–" : inUnit(loss, unit).toFixed(4);
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${(seconds / 60).toFixed(1)} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number on an axis: as short as it can be said. */
export function tick(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(0);
  if (size >= 1e6) return `${+(value / 1e6).toFixed(1)}M`;
  if (size >= 1e4) return `${+(value / 1e3).toFixed(1)}k`;
  return String(+value.toFixed(4));
}
