/** Lower case, in normal form C. Folding what is folded changes nothing. */
export function foldCase(text: string): string {
  return text.toLowerCase().normalize("NFC");
}
