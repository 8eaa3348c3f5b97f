export interface Point {
  x: number;
  y: number;
}

/** Fits points into a picture: each direction is stretched on its own, y goes down. */
export function placePoints(
  points: readonly Point[],
  size: { width: number; height: number; margin: number },
): Point[] {
  const { width, height, margin } = size;
  const scale = (values: readonly number[], length: number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const stretch = most > least ? (length - 2 * margin) / (most - least) : 0;
    return (value: number) => margin + (most > least ? (value - least) * stretch : length / 2 - margin);
  };
  const x = scale(
    points.map((point) => point.x),
    width,
  );
  const y = scale(
    points.map((point) => point.y),
    height,
  );
  return points.map((point) => ({ x: x(point.x), y: height - y(point.y) }));
}

/** The indexes of the `count` points nearest to one, the nearest first. */
export function nearest(points: readonly Point[], center: number, count: number): number[] {
  const { x, y } = points[center]!;
  const distance = (index: number) => Math.hypot(points[index]!.x - x, points[index]!.y - y);
  return [...points.keys()]
    .filter((index) => index !== center)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count);
}

export type CharacterKind = "vowel" | "consonant" | "digit" | "mark";

export function kindOf(character: string): CharacterKind {
  if (/[aeiouyäöüáéíóúàèêôæœ]/i.test(character)) return "vowel";
  if (/\p{L}/u.test(character)) return "consonant";
  return /\p{N}/u.test(character) ? "digit" : "mark";
}
