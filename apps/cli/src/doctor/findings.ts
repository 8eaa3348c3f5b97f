/** What `doctor` says of one backend. */
export interface BackendFindings {
  backend: string;
  /** `ready` runs here, `missing` is not installed, `broken` is installed and does not run. */
  status: "ready" | "missing" | "broken";
  version?: string;
  device?: "cpu" | "gpu";
  /** More about it, by name: builds, threads, versions of what is inside. */
  details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** What is wrong, or what could be better, and what to do. */
  advice?: string;
}

/** One line a backend, its advice under it. */
export function formatFindings(reports: readonly BackendFindings[]): string {
  const width = Math.max(...reports.map(({ backend }) => backend.length)) + 2;
  return reports
    .map(({ backend, status, version = "", device = "", details = {}, advice }) => {
      const facts = Object.entries(details).map(([name, value]) => `${words(name)} ${shown(value)}`);
      const line = `${backend.padEnd(width)}${status.padEnd(9)}${version.padEnd(9)}${device.padEnd(5)}${facts.join(", ")}`;
      return `${line.trimEnd()}\n${advice ? `${" ".repeat(width)}${advice}\n` : ""}`;
    })
    .join("");
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(value: string | number | boolean | readonly string[]): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? value.join(" and ") : String(value);
}
