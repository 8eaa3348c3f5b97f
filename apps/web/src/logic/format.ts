const whole = new Intl.NumberFormat("en");
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

/** `712,148` */
export const formatCount = (count: number): string => whole.format(Math.round(count));

/** `0.008`, `1,000` */
export const formatNumber = (value: number): string => decimal.format(value);

/** `4.2 MB`; powers of ten, as storage is sold and browsers count it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** `45 s`, `3 min 20 s`, `1 h 05 min` */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "…";
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min ${String(rounded % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** `37 %` */
export const formatShare = (share: number): string =>
  share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(100 * share)} %`;

/** A character as a name that can be seen and read out: space, line break and the like by their names; none is an item's end. */
export function nameCharacter(character: string): string {
  const names: Record<string, string> = {
    "": "the end of an item",
    " ": "space",
    "\n": "line break",
    "\t": "tab",
    "\u00a0": "no-break space",
  };
  return names[character] ?? character;
}

/** A character as one visible sign. */
export function showCharacter(character: string): string {
  const signs: Record<string, string> = { "": "∎", " ": "␣", "\n": "↵", "\t": "⇥", "\u00a0": "⍽" };
  return signs[character] ?? character;
}
