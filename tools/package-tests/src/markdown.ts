/** Characters that a line of Markdown may have: pages are also read as they are written, in editors and in differences. */
export const longest = 140;

/** A fence of a code block, and a line that is one link or picture, which cannot be broken. */
const fence = /^\s*(```|~~~)/;
const oneLink = /^\s*(?:[-*] |\d+\. )?!?\[[^\]]*\]\(\S+\)[.,;:]?$/;

/** The numbers, from 1, of the lines that are too long; those of code blocks and single links may be. */
export function longLines(text: string): number[] {
  let isCode = false;
  return text.split(/\r?\n/).flatMap((line, index) => {
    const isFence = fence.test(line);
    if (isFence) isCode = !isCode;
    return [...line].length <= longest || isCode || isFence || oneLink.test(line) ? [] : [index + 1];
  });
}
