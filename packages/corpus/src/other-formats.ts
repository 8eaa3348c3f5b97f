import { CorpusError } from "./errors.js";
import { isWebPage } from "./web-page.js";

const SAMPLE = 65_536;
const MOST_CONTROLS = 0.01;
// In a page, each thousand characters have an end tag or two; a text about pages has them in places.
const CHARACTERS_A_TAG = 500;
const LEAST_TAGS = 5;

/**
 * Refuses what is no plain text, by what it is.
 *
 * @throws {CorpusError} `BINARY_FILE`; `details.reason` is one of `html`, `rtf`, `pdf`, `zero-bytes`, `colours`, `controls`, `utf-32`.
 */
export function refuseOtherFormats(text: string, encoding: string, what: string): void {
  const found = recognise(text);
  if (!found) return;
  throw notPlainText(what, encoding, found.reason, found.message);
}

/** That a source is something else, which the message calls by its name. */
export function notPlainText(what: string, encoding: string, reason: string, message: string): CorpusError {
  return new CorpusError("BINARY_FILE", `${what} is no plain text: ${message}`, { encoding, reason });
}

function recognise(text: string): { reason: string; message: string } | undefined {
  const sample = text.slice(0, SAMPLE);
  if (isWebPage(sample) || isMarkedUp(sample)) {
    return {
      reason: "html",
      message:
        "it is a web page (HTML), whose tags would be learnt; give the book's plain text (Project Gutenberg has it as " +
        '"Plain Text UTF-8"), or save the page as text in a browser',
    };
  }
  if (/^\s{0,20}\{\\rtf\d?/.test(sample)) {
    return { reason: "rtf", message: "it is RTF; save it as plain text (UTF-8) in the program that wrote it" };
  }
  if (sample.startsWith("%PDF-")) return { reason: "pdf", message: "it is a PDF; give its text" };
  const zero = text.indexOf("\0");
  if (zero >= 0) {
    const line = text.slice(0, zero).split("\n").length;
    return {
      reason: "zero-bytes",
      message: `it has a zero byte in line ${line}; give a text file, not a picture, archive or e-book, or take the byte out; a text in UTF-16 is read when its encoding is named`,
    };
  }
  return recogniseControls(sample);
}

function recogniseControls(sample: string): { reason: string; message: string } | undefined {
  let controls = 0;
  let escapes = 0;
  for (let index = 0; index < sample.length; index++) {
    const unit = sample.charCodeAt(index);
    if (unit === 0x1b && sample[index + 1] === "[") escapes++;
    // Tab, line feed, vertical tab, form feed, carriage return and the end-of-file mark of DOS are found in old texts.
    if (unit === 0xfffd || (unit < 0x20 && !(unit >= 0x09 && unit <= 0x0d) && unit !== 0x1a) || unit === 0x7f)
      controls++;
  }
  if (controls <= MOST_CONTROLS * sample.length) return undefined;
  if (escapes > controls / 2) {
    return {
      reason: "colours",
      message:
        `it has ${escapes} colour codes of a terminal (ESC [ … m); write it without colours (NO_COLOR=1), or take them ` +
        "out: sed 's/\\x1b\\[[0-9;]*[A-Za-z]//g'",
    };
  }
  return {
    reason: "controls",
    message: `${controls} of its first ${sample.length} characters are none; give a text file, not a picture, archive or e-book`,
  };
}

// A page that does not begin as one: under a header of Project Gutenberg, say.
function isMarkedUp(sample: string): boolean {
  if (!/<(?:!doctype\s|html|head|body|title|pre|p|div|table)(?:\s[^<>]{0,200})?>/i.test(sample)) return false;
  const tags =
    sample.match(/<\/(?:p|div|span|a|h[1-6]|td|tr|li|ul|b|i|em|pre|body|html|head|title)>|<br ?\/?>/gi)?.length ?? 0;
  if (tags >= LEAST_TAGS && tags * CHARACTERS_A_TAG > sample.length) return true;
  // Or every other of its paragraphs begins with one, however long they are.
  const begun =
    sample.match(/^[ \t]{0,20}<(?:p|div|h[1-6]|li|td|tr|table|blockquote)(?:\s[^<>]{0,200})?>/gim)?.length ?? 0;
  return begun >= LEAST_TAGS && 2 * begun > (sample.match(/\n[ \t]{0,20}\n/g)?.length ?? 0);
}
