import type { Command } from "commander";

/** A command's flags as the README lists them: name with unit, default, what it does. */
export function flagTable(command: Command): string {
  const rows = command.options
    .filter(({ long }) => long !== "--debug")
    .map(({ flags, description, defaultValue, argChoices }) => {
      const inText = /\s*\(default: (.*)\)$/.exec(description);
      const text = inText ? description.slice(0, inText.index) : description;
      const choices = argChoices ? `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}` : "";
      const shown = shownDefault(defaultValue ?? "") || (inText?.[1] ?? "");
      return [`\`${flags}\``, text + choices, shown.includes("<") ? `\`${shown}\`` : shown];
    });
  if (rows.length === 0) return "";
  const all = [["flag", "", "default"], ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = [0, 1, 2].map((column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [head, ...body] = all;
  return [line(head!), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
}

function shownDefault(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name}=${String(part)}`)
    .join(",");
}
