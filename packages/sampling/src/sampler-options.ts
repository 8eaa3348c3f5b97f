import { shown } from "@charlstm/errors";
import { checkArray, checkCount, checkRandom, checkShare, checkTemperature } from "./checks.js";
import { checkDry, checkWindow, type Dry } from "./dry.js";
import { checkNames, SamplingError } from "./errors.js";
import { biasPairs, type LogitBias } from "./logit-bias.js";
import { checkMinP } from "./min-p.js";
import { checkMirostat, type Mirostat } from "./mirostat.js";
import { checkPenalties, type Penalties } from "./penalties.js";
import { checkTopK } from "./top-k.js";
import { checkTopNSigma } from "./top-n-sigma.js";
import { checkXtc, type Xtc } from "./xtc.js";

/** Everything that shapes a draw. What is left out, or `undefined`, changes nothing. */
export interface SamplerOptions extends Penalties {
  /** What the model gives. Probabilities become their logarithms, so one of 0 is never drawn. Default `"logits"`. */
  input?: "logits" | "probabilities" | undefined;
  /** Added to the logits of some ids before all else. */
  logitBias?: LogitBias | undefined;
  /** How many of the last ids the repetition, frequency and presence penalties look at. Integer >= 1, or `Infinity`. Default `64`. */
  penaltyWindow?: number | undefined;
  /** Makes repetitions of several ids less likely. */
  dry?: Dry | undefined;
  /** These ids keep their logits whatever the penalties and DRY say: spaces, line ends. */
  unpenalizedIds?: ArrayLike<number> | undefined;
  /** Only these ids may be drawn. */
  allowedIds?: ArrayLike<number> | undefined;
  /** These ids are never drawn, not even when allowed. */
  bannedIds?: ArrayLike<number> | undefined;
  /** Finite, >= 0; `0` is greedy: the largest logit after penalties and masks. Default `1`. */
  temperature?: number | undefined;
  /** Whether the filters cut the model's own distribution, and the temperature shapes what is left. Default `false`. */
  temperatureLast?: boolean | undefined;
  /** Above 0. */
  topNSigma?: number | undefined;
  /** Integer >= 1. */
  topK?: number | undefined;
  /** In (0, 1]. */
  topP?: number | undefined;
  /** In [0, 1]. */
  minP?: number | undefined;
  /** In (0, 1]. */
  typicalP?: number | undefined;
  /** So many ids are left by each filter in any case (top-k says so itself). Integer >= 1. Default `1`. */
  minKeep?: number | undefined;
  /** Excludes the top choices of some draws. */
  xtc?: Xtc | undefined;
  /** Holds the surprise of the text. */
  mirostat?: Mirostat | undefined;
  /** Uniform in `[0, 1)`, called once a draw and not at all at temperature 0. Default `Math.random`. */
  random?: (() => number) | undefined;
}

const names = [
  ...["input", "logitBias", "repetitionPenalty", "frequencyPenalty", "presencePenalty", "penaltyWindow", "dry"],
  ...["unpenalizedIds", "allowedIds", "bannedIds", "temperature", "temperatureLast", "topNSigma", "topK", "topP"],
  ...["minP", "typicalP", "minKeep", "xtc", "mirostat", "random"],
];

/** Refuses names that do not exist and values outside their ranges. */
export function checkSamplerOptions(options: SamplerOptions): void {
  checkNames(options, names, "createSampler");
  const { input = "logits", temperature = 1, temperatureLast = false, penaltyWindow = 64, minKeep = 1 } = options;
  const { logitBias, dry, topNSigma, topK, topP, minP, typicalP, xtc, mirostat, random } = options;
  checkChoice(input, "input", ["logits", "probabilities"]);
  checkChoice(temperatureLast, "temperatureLast", [false, true]);
  checkTemperature(temperature);
  checkPenalties(options);
  checkWindow(penaltyWindow, "penaltyWindow");
  checkCount(minKeep, 1, "minKeep");
  for (const name of ["unpenalizedIds", "allowedIds", "bannedIds"] as const)
    if (options[name] !== undefined) checkArray(options[name], name);
  if (logitBias !== undefined) biasPairs(logitBias);
  if (dry !== undefined) checkDry(dry);
  if (topNSigma !== undefined) checkTopNSigma(topNSigma);
  if (topK !== undefined) checkTopK(topK);
  if (topP !== undefined) checkShare(topP, "top-p");
  if (minP !== undefined) checkMinP(minP);
  if (typicalP !== undefined) checkShare(typicalP, "typical-p");
  if (xtc !== undefined) checkXtc(xtc);
  if (mirostat !== undefined) checkMirostat(mirostat);
  if (random !== undefined) checkRandom(random);
}

function checkChoice<T>(value: T, name: string, choices: readonly T[]): void {
  if (choices.includes(value)) return;
  const quoted = (choice: unknown) => (typeof choice === "string" ? `"${choice}"` : shown(choice));
  throw new SamplingError("BAD_OPTION", `${name} is ${quoted(value)}: pass ${choices.map(quoted).join(" or ")}`, {
    [name]: value,
  });
}
