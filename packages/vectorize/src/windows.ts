import { checkNames, VectorizeError } from "./errors.js";
import type { Ids } from "./ids.js";
import { checkWhole } from "./options.js";

/** How a text is cut into windows. */
export interface WindowOptions {
  /** Characters of a window, 1 or more. */
  window: number;
  /** Characters between two window starts, 1 or more. Default `1`. */
  stride?: number;
}

/** A stretch of text and the character after it. */
export interface Window {
  /** Shape `[window]`; a view of the text's ids. */
  input: Ids;
  /** The id that comes next. */
  target: number;
  /** Characters before the window. */
  start: number;
}

/**
 * How many windows of a text have a character after them: `floor((length - window - 1) / stride) + 1`, or 0 when the text is not
 * longer than a window. The characters after the last window's target, fewer than `stride`, are in no window.
 *
 * @throws {VectorizeError} `BAD_OPTION`.
 */
export function countWindows(length: number, options: WindowOptions): number {
  checkNames(options, ["window", "stride"], "windows");
  const { window, stride = 1 } = options;
  checkWhole("length", length, 0);
  checkWhole("window", window, 1);
  checkWhole("stride", stride, 1);
  return length > window ? Math.floor((length - window - 1) / stride) + 1 : 0;
}

/**
 * The windows of a text, in its order.
 *
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is none, `BAD_OPTION`; both at once, not at the first pull.
 */
export function windows(ids: Ids, options: WindowOptions): Generator<Window, void, undefined> {
  const count = requireWindows(ids.length, options);
  const { window, stride = 1 } = options;
  return eachWindow(ids, window, stride, count);
}

function* eachWindow(ids: Ids, window: number, stride: number, count: number): Generator<Window, void, undefined> {
  for (let index = 0; index < count; index++) {
    const start = index * stride;
    yield { input: ids.subarray(start, start + window), target: ids[start + window]!, start };
  }
}

/** {@link countWindows}, where none is an error. */
export function requireWindows(length: number, options: WindowOptions): number {
  const count = countWindows(length, options);
  if (count === 0) {
    const { window } = options;
    throw new VectorizeError(
      "TEXT_TOO_SHORT",
      `the text has ${length} characters, a window of ${window} needs at least ${window + 1}: ` +
        "use a longer text or a smaller window",
      { length, window, needed: window + 1 },
    );
  }
  return count;
}
