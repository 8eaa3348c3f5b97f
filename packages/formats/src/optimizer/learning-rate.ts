import { type JsonObject, optionalNumber, shown } from "../json.js";

/** A schedule's settings, numbers by name with a default; `NaN` where a needed one is missing. */
type Settings = (name: string, fallback?: number) => number;

/** Keras's schedules by class; a Map, since a file may name a class `constructor`. */
const SCHEDULES: ReadonlyMap<string, (step: number, get: Settings, config: JsonObject) => number> = new Map([
  [
    "ExponentialDecay",
    (step, get, { staircase }) =>
      get("initial_learning_rate") * get("decay_rate") ** stairs(step / get("decay_steps"), staircase),
  ],
  [
    "InverseTimeDecay",
    (step, get, { staircase }) =>
      get("initial_learning_rate") / (1 + get("decay_rate") * stairs(step / get("decay_steps"), staircase)),
  ],
  ["PolynomialDecay", polynomialDecay],
  ["PiecewiseConstantDecay", piecewiseConstant],
  ["CosineDecay", cosineDecay],
  ["CosineDecayRestarts", cosineRestarts],
]);

/**
 * The learning rate that an optimizer of Keras had reached: a number, a number that falls by Keras 2's `decay`, or a schedule
 * object at its value for `step`.
 *
 * @param warnings Told of a rate that does not stay where it is taken, or that cannot be computed here.
 * @returns `undefined` where the settings do not tell.
 */
export function learningRateOf(settings: JsonObject, step: number, warnings: string[]): number | undefined {
  const given = settings.learning_rate ?? settings.lr;
  if (typeof given !== "object" || given === null) {
    const rate = optionalNumber(given);
    const decay = optionalNumber(settings.decay);
    return rate === undefined || !decay ? rate : frozen("decay", rate / (1 + decay * step), step, warnings);
  }
  const { class_name: className, config } = given as { class_name?: unknown; config?: JsonObject };
  const schedule = typeof className === "string" ? SCHEDULES.get(className) : undefined;
  const get: Settings = (name, fallback = Number.NaN) => optionalNumber(config?.[name]) ?? fallback;
  return frozen(shown(className), schedule?.(step, get, config ?? {}) ?? Number.NaN, step, warnings);
}

function frozen(schedule: string, rate: number, step: number, warnings: string[]): number | undefined {
  if (Number.isFinite(rate) && rate >= 0) {
    warnings.push(`the learning rate followed ${schedule}: it stays at its value for step ${step}, ${rate}`);
    return rate;
  }
  warnings.push(`the learning rate follows ${schedule}, which cannot be computed here: set it again for training`);
  return undefined;
}

function stairs(progress: number, staircase: unknown): number {
  return staircase === true ? Math.floor(progress) : progress;
}

function polynomialDecay(step: number, get: Settings, { cycle }: JsonObject): number {
  const [start, end] = [get("initial_learning_rate"), get("end_learning_rate", 0.0001)];
  const steps = get("decay_steps") * (cycle === true ? Math.max(1, Math.ceil(step / get("decay_steps"))) : 1);
  return (start - end) * (1 - Math.min(step, steps) / steps) ** get("power", 1) + end;
}

function piecewiseConstant(step: number, _get: Settings, { boundaries, values }: JsonObject): number {
  if (!Array.isArray(boundaries) || !Array.isArray(values)) return Number.NaN;
  const at = boundaries.findIndex((boundary) => step <= (optionalNumber(boundary) ?? Number.NaN));
  return optionalNumber(values[at < 0 ? boundaries.length : at]) ?? Number.NaN;
}

/** @see Loshchilov and Hutter (2017), SGDR. */
function cosineDecay(step: number, get: Settings, config: JsonObject): number {
  const initial = get("initial_learning_rate");
  const target = optionalNumber(config.warmup_target);
  const warmup = target === undefined ? 0 : get("warmup_steps", 0);
  if (target !== undefined && step < warmup) return initial + ((target - initial) * step) / warmup;
  const progress = Math.min(1, (step - warmup) / get("decay_steps"));
  return (target ?? initial) * halfCosine(progress, get("alpha", 0));
}

function cosineRestarts(step: number, get: Settings): number {
  const longer = get("t_mul", 2);
  const progress = step / get("first_decay_steps");
  const restarts = Math.floor(longer === 1 ? progress : Math.log(1 - progress * (1 - longer)) / Math.log(longer));
  const before = longer === 1 ? restarts : (1 - longer ** restarts) / (1 - longer);
  const part = (progress - before) / longer ** restarts;
  return get("initial_learning_rate") * halfCosine(part, get("alpha", 0), get("m_mul", 1) ** restarts);
}

function halfCosine(progress: number, alpha: number, height = 1): number {
  return (1 - alpha) * 0.5 * height * (1 + Math.cos(Math.PI * progress)) + alpha;
}
