/** Shades of surprise, from none to most. */
const shades = 6;

/** The shade of a character that the model gave this probability: one for each bit of surprise, at most `shades`. */
export const shadeOf = (probability: number): number =>
  Math.min(shades, Math.max(0, Math.round(-Math.log2(Math.max(probability, 1e-9)))));

/** The class of an activation in `[-1, 1]`: five steps to either side. */
export function activationShade(activation: number): string {
  const step = Math.round(5 * Math.abs(activation));
  return step === 0 ? "" : `${activation > 0 ? "plus" : "minus"}-${step}`;
}
