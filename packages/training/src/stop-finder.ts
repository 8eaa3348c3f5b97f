/**
 * Watches a text that is written a character at a time for any of `stops`.
 *
 * @returns Takes the next character, and says whether a stop string ends with it.
 */
export function createStopFinder(stops: readonly string[]): (character: string) => boolean {
  const wanted = stops.filter((stop) => stop !== "");
  const longest = Math.max(0, ...wanted.map((stop) => stop.length));
  let tail = "";
  return (character) => {
    if (longest === 0) return false;
    tail = (tail + character).slice(-longest);
    return wanted.some((stop) => tail.endsWith(stop));
  };
}
