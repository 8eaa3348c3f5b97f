// The one way by which text that this program did not write itself (from files, servers, models, other processes) reaches a
// terminal: there a control character is a command. It can rename the window, hide or overwrite lines, or turn words round.

/** Controls but newline and tab, what sets the direction of writing, and what takes no place. */
const commands = String.raw`\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}`;

/** Joiners belong between the letters of some scripts, and in emoji; after an ASCII character they only hide. */
const joiners = String.raw`(?<=[\0-\x7f])[\u200c\u200d]`;

const unseenInText = new RegExp(`[${commands}]|${joiners}`, "gu");
const unseenInLine = new RegExp(String.raw`[\t\n${commands}]|${joiners}`, "gu");

/** Text of several lines: newlines and tabs stay, every other control is shown as its escape, like `\x1b` or `\u202e`. */
export function terminalText(text: string): string {
  return text.replace(unseenInText, escapeOf);
}

/** A name, a title, a message: as `terminalText`, and what is meant as one line stays one (`\n`, `\t`). */
export function terminalLine(text: string): string {
  return text.replace(unseenInLine, escapeOf);
}

/** One line of JSON that means the same, and is safe to show. */
export function terminalJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return JSON.stringify(value, replacer).replace(unseenInLine, (character) =>
    [...Array(character.length).keys()].map((index) => unitEscape(character.charCodeAt(index))).join(""),
  );
}

const short: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return short[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : unitEscape(code));
}

function unitEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
