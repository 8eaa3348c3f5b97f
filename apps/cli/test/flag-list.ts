import type { Command } from "commander";

/** Characters of a line of the README. */
const width = 116;

/** A command's flags as the README lists them: name with unit, what it does, default; one item a flag. */
function flagList(command: Command): string {
  return command.options
    .filter(({ long }) => long !== "--debug")
    .map(({ flags, description, defaultValue, argChoices }) => {
      const inText = /\s*\(default: (.*)\)$/.exec(description);
      const text = inText ? description.slice(0, inText.index) : description;
      const choices = argChoices ? `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}` : "";
      const shown = shownDefault(defaultValue ?? "") || (inText?.[1] ?? "");
      const given = shown === "" ? "" : ` Default: ${shown.includes("<") ? `\`${shown}\`` : shown}.`;
      return wrapped(`- \`${flags}\`: ${text}${choices}.${given}`);
    })
    .join("\n");
}

/** The README with the list of every command's flags, in place of what stands in its section. */
export function withFlags(readme: string, sections: readonly { heading: string; command: Command }[]): string {
  return sections.reduce((text, { heading, command }) => {
    const [start, rest] = splitAt(text, text.indexOf(`${heading}\n`) + heading.length + 1);
    const next = rest.search(/^#/m);
    const [section, after] = splitAt(rest, next < 0 ? rest.length : next);
    // Its first paragraph says what the command does; the flags follow, and whatever else there is to say.
    const [does, ...others] = section.trim().split("\n\n");
    const remarks = others.filter((block) => !block.startsWith("- `-"));
    const blocks = [does!, flagList(command), ...remarks].filter((block) => block !== "");
    return `${start}\n${blocks.join("\n\n")}\n${after === "" ? "" : "\n"}${after}`;
  }, readme);
}

const splitAt = (text: string, place: number): [string, string] => [text.slice(0, place), text.slice(place)];

/** Breaks an item's line between words, but not within code, nor before what would begin another item. */
function wrapped(item: string): string {
  const lines = [""];
  for (const word of item.match(/(?:Default: )?(?:`[^`]*`|\S)+(?: [-+](?= ))?/g) ?? []) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > width) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

function shownDefault(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name}=${String(part)}`)
    .join(",");
}
