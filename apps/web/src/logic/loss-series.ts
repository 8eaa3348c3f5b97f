/** A point of the loss curve: the mean loss of the updates up to `step`, in nats per character. */
export interface LossPoint {
  step: number;
  loss: number;
}

/** Points kept at most: more than a chart has pixels, few enough to draw in a millisecond. */
const mostPoints = 1200;

/** Adds a point; when there are too many, each two become one, so that a run of any length keeps its whole curve. */
export function addPoint(points: readonly LossPoint[], point: LossPoint): LossPoint[] {
  const all = [...points, point];
  if (all.length <= mostPoints) return all;
  const halved: LossPoint[] = [];
  for (let index = 0; index + 1 < all.length; index += 2) {
    const [first, second] = [all[index]!, all[index + 1]!];
    halved.push({ step: second.step, loss: (first.loss + second.loss) / 2 });
  }
  if (all.length % 2 === 1) halved.push(point);
  return halved;
}

export type LossUnit = "nats" | "bits";

/** A loss in the unit that the visitor reads. */
export const inUnit = (loss: number, unit: LossUnit): number => (unit === "bits" ? loss / Math.LN2 : loss);

/** The two curves on one axis of steps. */
export function mergeSeries(
  train: readonly LossPoint[],
  heldOut: readonly LossPoint[],
  scale: (loss: number) => number,
): [number[], (number | null)[], (number | null)[]] {
  const steps = [...new Set([...train, ...heldOut].map(({ step }) => step))].sort((a, b) => a - b);
  const column = (points: readonly LossPoint[]) => {
    const losses = new Map(points.map(({ step, loss }) => [step, scale(loss)]));
    return steps.map((step) => losses.get(step) ?? null);
  };
  return [steps, column(train), column(heldOut)];
}
