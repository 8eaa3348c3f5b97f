/**
 * Whether a text is a web page rather than a book: what comes first, after white space and comments, is a tag that pages
 * begin with. Linear in the text, whatever it is made of: each step begins where the last one ended.
 */
export function isWebPage(text: string): boolean {
  let at = afterSpace(text, 0);
  while (text.startsWith("<!--", at)) {
    const end = text.indexOf("-->", at + 2); // `<!-->` is a whole comment
    if (end === -1) return false;
    at = afterSpace(text, end + 3);
  }
  FIRST_TAG.lastIndex = at;
  return FIRST_TAG.test(text);
}

const FIRST_TAG = /<(?:!doctype\s+html|html|head|title|meta|script|body|\?xml)\b/iy;
const SPACE = /\s*/y;

function afterSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}
