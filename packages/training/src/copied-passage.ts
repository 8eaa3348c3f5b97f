/** The longest stretch of a text that stands, letter for letter, in another. */
export interface CopiedPassage {
  text: string;
  /** Characters. */
  length: number;
  /** Where it begins in the generated text and in the corpus, in UTF-16 units. */
  at: number;
  corpusAt: number;
}

/**
 * Finds the longest passage that `generated` copies from `corpus`: the longest common substring, by a suffix automaton of the
 * generated text, in time linear in both.
 *
 * @see Blumer et al. (1985), The smallest automaton recognizing the subwords of a text.
 */
export function longestCopiedPassage(generated: string, corpus: string): CopiedPassage {
  const automaton = suffixAutomaton(generated);
  let state = 0;
  let length = 0;
  let best = { length: 0, corpusEnd: 0, state: 0 };
  for (let place = 0; place < corpus.length; place++) {
    const unit = corpus.charCodeAt(place);
    while (state > 0 && !automaton[state]!.next.has(unit)) {
      state = automaton[state]!.link;
      length = automaton[state]!.length;
    }
    const next = automaton[state]!.next.get(unit);
    if (next === undefined) continue;
    state = next;
    length++;
    if (length > best.length) best = { length, corpusEnd: place + 1, state };
  }
  const at = automaton[best.state]!.end - best.length;
  const text = generated.slice(at, at + best.length);
  return { text, length: [...text].length, at, corpusAt: best.corpusEnd - best.length };
}

interface AutomatonState {
  /** Length of the longest substring that ends here. */
  length: number;
  /** The state of the longest suffix that ends in another place too. */
  link: number;
  /** Where one occurrence ends. */
  end: number;
  next: Map<number, number>;
}

function suffixAutomaton(text: string): AutomatonState[] {
  const states: AutomatonState[] = [{ length: 0, link: -1, end: 0, next: new Map() }];
  let last = 0;
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place);
    const current = states.push({ length: place + 1, link: 0, end: place + 1, next: new Map() }) - 1;
    let state = last;
    while (state >= 0 && !states[state]!.next.has(unit)) {
      states[state]!.next.set(unit, current);
      state = states[state]!.link;
    }
    if (state >= 0) states[current]!.link = splitLink(states, state, unit);
    last = current;
  }
  return states;
}

/** The state that a new state's suffix link points to: the target of `state` by `unit`, or a copy of it of the right length. */
function splitLink(states: AutomatonState[], state: number, unit: number): number {
  const target = states[state]!.next.get(unit)!;
  if (states[target]!.length === states[state]!.length + 1) return target;
  const { link, end, next } = states[target]!;
  const copy = states.push({ length: states[state]!.length + 1, link, end, next: new Map(next) }) - 1;
  for (let from = state; from >= 0 && states[from]!.next.get(unit) === target; from = states[from]!.link) {
    states[from]!.next.set(unit, copy);
  }
  states[target]!.link = copy;
  return copy;
}
