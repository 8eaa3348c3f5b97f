export interface Point {
  x: number;
  y: number;
}

/** Of a picture; labels keep `margin` from its edges. */
export interface Size {
  width: number;
  height: number;
  margin: number;
}

/** The pictures of the map: for a screen, and for a telephone's. */
export const pictures = {
  wide: { width: 640, height: 420, margin: 20 },
  narrow: { width: 330, height: 380, margin: 16 },
} as const satisfies Record<string, Size>;

/** Width and height of a label. */
const labelSize = 15;

/** Fits points into a picture: each direction is stretched on its own, y goes down. */
export function placePoints(points: readonly Point[], size: Size): Point[] {
  const { width, height, margin } = size;
  const scale = (values: readonly number[], length: number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return (value: number) => margin + (length - 2 * margin) * (most > least ? (value - least) / (most - least) : 0.5);
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

const rounds = 80;

/** Pushes points apart until their labels hardly overlap, each as little as it takes; none leaves the picture. */
export function spreadPoints(points: readonly Point[], size: Size): Point[] {
  const { width, height, margin } = size;
  const moved = points.map((point) => ({ ...point }));
  for (let round = 0; round < rounds; round++) {
    for (let a = 0; a < moved.length; a++) {
      for (let b = 0; b < a; b++) pushApart(moved[a]!, moved[b]!, labelSize);
    }
    for (const point of moved) {
      point.x = Math.min(width - margin, Math.max(margin, point.x));
      point.y = Math.min(height - margin, Math.max(margin, point.y));
    }
  }
  return moved;
}

function pushApart(a: Point, b: Point, distance: number): void {
  const [dx, dy] = [a.x - b.x || 0.01, a.y - b.y];
  const squared = dx * dx + dy * dy;
  if (squared >= distance * distance) return;
  const apart = Math.sqrt(squared);
  const push = (distance - apart) / 2 / apart;
  a.x += dx * push;
  a.y += dy * push;
  b.x -= dx * push;
  b.y -= dy * push;
}

export type CharacterKind = "vowel" | "consonant" | "digit" | "mark";

export function kindOf(character: string): CharacterKind {
  if (/[aeiouyäöüáéíóúàèêôæœ]/i.test(character)) return "vowel";
  if (/\p{L}/u.test(character)) return "consonant";
  return /\p{N}/u.test(character) ? "digit" : "mark";
}
