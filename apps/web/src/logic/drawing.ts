import { type GenerateOptions, type Objective, readingOptions } from "@charlstm/training";

/** How characters are drawn, as the fields of Play show it. */
export interface Drawing {
  temperature: number;
  /** 0 takes nothing off. */
  frequencyPenalty: number;
  /** 0 keeps every character. */
  minP: number;
  /** 0 keeps every character. */
  topK: number;
  /** 1 keeps every character. */
  topP: number;
}

export type DrawingStyle = "reading" | "plain" | "own";

/** A temperature and nothing else, as the notebook draws. */
const plain: Drawing = { temperature: 0.5, frequencyPenalty: 0, minP: 0, topK: 0, topP: 1 };
const reading: Drawing = { ...plain, ...readingOptions };

export const drawings: Readonly<Record<Exclude<DrawingStyle, "own">, Drawing>> = { reading, plain };

/** How a model is drawn from where nobody says: for reading; one of windows as the notebook does. */
export const defaultDrawing = (objective: Objective): Drawing => (objective === "window" ? plain : reading);

export function styleOf(drawing: Drawing): DrawingStyle {
  const same = (other: Drawing) => JSON.stringify({ ...plain, ...drawing }) === JSON.stringify(other);
  if (same(reading)) return "reading";
  return same({ ...plain, temperature: drawing.temperature }) ? "plain" : "own";
}

/** Changes one thing; the mix for reading belongs to its temperature, and another temperature is taken alone. */
export function changeDrawing(drawing: Drawing, change: Partial<Drawing>): Drawing {
  const isLeft = change.temperature !== undefined && styleOf(drawing) === "reading";
  return { ...(isLeft ? plain : drawing), ...change };
}

/** The options of `generate` that say the same; what changes nothing is left out. */
export function drawingOptions({ temperature, frequencyPenalty, minP, topK, topP }: Drawing): Partial<GenerateOptions> {
  return {
    temperature,
    ...(frequencyPenalty === 0 ? {} : { frequencyPenalty }),
    ...(minP > 0 ? { minP } : {}),
    ...(topK > 0 ? { topK: Math.round(topK) } : {}),
    ...(topP < 1 ? { topP } : {}),
  };
}
