import { InvalidArgumentError } from "commander";

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\" };

/** What a shell argument means: `\n`, `\t`, `\\` and `\u201c` are the characters that they name; any other backslash is refused. */
export function readEscapes(text: string): string {
  return text.replace(/\\(u[\da-f]{4}|u\{[\da-f]{1,6}\}|.|$)/gisu, (written, name: string) => {
    const code = /^u\{?([\da-f]+)/iu.exec(name)?.[1];
    const character = code === undefined ? escapes[name] : characterOf(Number.parseInt(code, 16));
    if (character !== undefined) return character;
    throw new InvalidArgumentError(
      `${written} is no escape: use \\n, \\t, \\u201c or \\u{1f600}, and \\\\ for a backslash.`,
    );
  });
}

function characterOf(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
