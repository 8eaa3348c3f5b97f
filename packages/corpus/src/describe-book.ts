import { nextLine } from "./clean/paragraphs.js";

const HEADER_LENGTH = 8_000;
const LONGEST_VALUE = 500;

/** The title and author that a Project Gutenberg header names, each in one line; what it does not name is left out. */
export function describeBook(text: string): { title?: string; author?: string } {
  const header = text.slice(0, HEADER_LENGTH);
  const title = readField(header, "Title") ?? readOpening(header)?.title;
  const author = readField(header, "Author") ?? readOpening(header)?.author;
  return { ...(title ? { title } : {}), ...(author ? { author } : {}) };
}

// "Title: Frankenstein\n       or The Modern Prometheus": indented lines go on with the value.
function readField(header: string, name: string): string | undefined {
  const start = new RegExp(String.raw`^${name}:[ \t]*(?=\S)`, "im").exec(header);
  if (!start) return undefined;
  const from = start.index + start[0].length;
  let end = nextLine(header, from);
  while (/^[ \t]+\S/.test(header.slice(end, end + 100)) && end - from < LONGEST_VALUE) end = nextLine(header, end);
  return oneLine(header.slice(from, end));
}

// "The Project Gutenberg EBook of Pride and Prejudice, by Jane Austen"
function readOpening(header: string): { title: string; author: string } | undefined {
  const opening =
    /project gutenberg(?:['’]s)?\s{1,4}(?:e-?text|e-?book)\s{1,4}of\s{1,4}([^*]{1,300}?),?\s{1,4}by\s{1,4}([^\n*]{1,200})/i.exec(
      header,
    );
  return opening ? { title: oneLine(opening[1]!), author: oneLine(opening[2]!) } : undefined;
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, " ").trim();
}
