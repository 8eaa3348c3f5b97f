import type { Sample } from "@charlstm/training";
import { terminalText } from "../terminal/terminal-text.js";

/** The temperature that reads best of those a run writes at: the one that is nearest to this. */
const liked = 0.5;

const mostLines = 4;
const margin = "  | ";

/** One of an epoch's samples as a few lines of at most `columns`: what the model wrote after the prompt. */
export function sampleLines(samples: readonly Sample[], columns = 80): string[] {
  const [sample] = samples.toSorted((a, b) => Math.abs(a.temperature - liked) - Math.abs(b.temperature - liked));
  if (sample === undefined || sample.text.trim() === "") return [];
  // One column stays free, so that no terminal breaks the line once more.
  const width = Math.max(10, Math.min(columns, 80) - margin.length - 1);
  const lines = terminalText(sample.text.trim())
    .replaceAll("\t", " ")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => wrap(line.trim(), width));
  const shown = lines.slice(0, mostLines);
  if (lines.length > mostLines) shown[mostLines - 1] = `${cut(shown[mostLines - 1]!, width - 1)}…`;
  return [`  at temperature ${sample.temperature}:`, ...shown.map((line) => margin + line)];
}

/** Breaks a line at spaces where it has some, else wherever it is full. */
function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (columnsOf(rest) > width) {
    const head = cut(rest, width);
    const space = rest[head.length] === " " ? head.length : head.lastIndexOf(" ");
    const end = space > 0 ? space : head.length;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** The beginning of a line that fits. */
function cut(line: string, width: number): string {
  let end = 0;
  let taken = 0;
  for (const character of line) {
    taken += columnsOf(character);
    if (taken > width) break;
    end += character.length;
  }
  return line.slice(0, end);
}

/** Columns that a text takes: two for East Asian characters and emoji, none for marks on others. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += wide.test(character) ? 2 : mark.test(character) ? 0 : 1;
  return columns;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const mark = /[\p{Mn}\p{Me}\p{Cf}]/u;
