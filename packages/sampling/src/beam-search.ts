import { checkArray, checkCount, checkId, checkNumber } from "./checks.js";
import { checkNames } from "./errors.js";
import { checkSearch, logitsOf, type Prediction, type Step } from "./prediction.js";
import { logSumExp } from "./softmax.js";
import { largestIds } from "./top-k.js";

/** How far and how widely to search. */
export interface BeamSearchOptions<State> {
  step: Step<State>;
  /** Texts kept at each step. Integer >= 1; more than V only means that there are fewer of them at first. */
  width: number;
  /** Ids to write at most. Integer >= 0. */
  length: number;
  /** A text is complete after any of these. Default none. */
  endIds?: ArrayLike<number> | undefined;
  /** Texts are compared by `logProbability / length ** lengthPenalty`: above 0 favours long ones. Default `1`. */
  lengthPenalty?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** One text that the search found. */
export interface Beam {
  ids: number[];
  /** Nats, <= 0. */
  logProbability: number;
  /** `logProbability / ids.length ** lengthPenalty`. */
  score: number;
  /** Whether it ends in one of `endIds`. */
  complete: boolean;
}

/** A text as a chain of its last ids; the continuations are read from the logits as soon as the step returns. */
interface Node {
  parent: Node | undefined;
  id: number;
  length: number;
  logProbability: number;
}

interface OpenBeam<State> {
  node: Node;
  state: State;
  continuations: { id: number; logProbability: number }[];
}

const beamSearchNames = ["step", "width", "length", "endIds", "lengthPenalty", "signal"];

/**
 * Searches for the most probable texts instead of drawing one: at each step the `width` best continuations of all kept
 * texts go on, the others are dropped. Ties go to the better text before, then to the lower id, so a search repeats.
 *
 * @param start The model's prediction after the prompt.
 * @returns At most `width` texts, the best score first.
 * @throws {SamplingError} `BAD_OPTION`, and for the logits `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`.
 *   When aborted, the signal's reason.
 * @see Lowerre (1976), The Harpy speech recognition system; Wu et al. (2016), https://arxiv.org/abs/1609.08144, for
 *   comparing texts of different lengths.
 */
export async function beamSearch<State>(start: Prediction<State>, options: BeamSearchOptions<State>): Promise<Beam[]> {
  checkBeamOptions(options);
  const { step, width, length, endIds = [], lengthPenalty = 1, signal } = options;
  const vocabularySize = logitsOf(start).length;
  const ends = new Set(Array.from(endIds));
  for (const id of ends) checkId(id, vocabularySize);
  const score = (logProbability: number, ids: number) => logProbability / Math.max(1, ids) ** lengthPenalty;
  // A text that ends frees its place, so each kept text offers enough continuations to fill all places without ends.
  const open = (node: Node, prediction: Prediction<State>): OpenBeam<State> => ({
    node,
    continuations: likeliest(logitsOf(prediction), width + ends.size, node.logProbability),
    state: prediction.state,
  });

  const root: Node = { parent: undefined, id: -1, length: 0, logProbability: 0 };
  let kept: Node[] = [root];
  let complete: Node[] = [];
  let beams = length === 0 ? [] : [open(root, start)];
  for (let position = 1; position <= length && beams.length > 0; position++) {
    const candidates = beams.flatMap((beam) =>
      beam.continuations.map((continuation) => ({
        beam,
        node: { parent: beam.node, length: position, ...continuation },
      })),
    );
    candidates.sort((a, b) => b.node.logProbability - a.node.logProbability); // stable: ties stay in beam and id order
    const going: typeof candidates = [];
    for (const [rank, candidate] of candidates.entries()) {
      if (going.length === width) break;
      if (!ends.has(candidate.node.id)) going.push(candidate);
      else if (rank < width) complete.push(candidate.node);
    }
    kept = going.map(({ node }) => node);
    complete = best(complete, width, score);

    // What a text can still reach: its log-probability only falls, so the best is to lose nothing up to the best length.
    const bestLength = lengthPenalty > 0 ? length : position + 1;
    const worst = complete.length < width ? Number.NEGATIVE_INFINITY : scoreOf(complete[width - 1]!, score);
    if (position === length) break;
    beams = [];
    if (!kept.some((node) => score(node.logProbability, bestLength) > worst)) kept = [];
    for (const { beam, node } of kept.length > 0 ? going : []) {
      signal?.throwIfAborted();
      beams.push(open(node, await step(beam.state, node.id)));
    }
  }
  return best([...complete, ...kept], width, score).map((node) => ({
    ids: idsOf(node),
    logProbability: node.logProbability,
    score: scoreOf(node, score),
    complete: ends.has(node.id),
  }));
}

type ScoreFunction = (logProbability: number, ids: number) => number;

function scoreOf(node: Node, score: ScoreFunction): number {
  return score(node.logProbability, node.length);
}

function best(nodes: Node[], count: number, score: ScoreFunction): Node[] {
  return nodes.sort((a, b) => scoreOf(b, score) - scoreOf(a, score)).slice(0, count);
}

function likeliest(logits: ArrayLike<number>, count: number, before: number): OpenBeam<unknown>["continuations"] {
  const shift = logSumExp(logits);
  const values = Float64Array.from(logits);
  const ids = largestIds(values, count, new Float64Array(2 * values.length));
  return ids.map((id) => ({ id, logProbability: before + values[id]! - shift }));
}

function idsOf(node: Node): number[] {
  const ids: number[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) ids.push(at.id);
  return ids.reverse();
}

function checkBeamOptions<State>(options: BeamSearchOptions<State>): void {
  checkNames(options, beamSearchNames, "beamSearch");
  const { step, width, length, endIds = [], lengthPenalty = 1, signal } = options;
  checkSearch(step, signal);
  checkCount(width, 1, "width");
  checkCount(length, 0, "length");
  checkArray(endIds, "endIds");
  checkNumber(lengthPenalty, "lengthPenalty", () => true, "a finite number");
}
