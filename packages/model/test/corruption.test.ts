import { isExhaustive } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { type CheckpointFiles, decodeCheckpoint, encodeCheckpoint, isModelError } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";

const checkpoint = sampleCheckpoint({ vocabularySize: 1, window: 1, units: [1] });
const files = encodeCheckpoint(checkpoint);

/** All 255 other values of a byte: half a minute for model.json alone, so only when asked for. */

/** What means something in JSON. */
const tellingValues = [..."\0\n \"',0:[\\]}"].map((character) => character.charCodeAt(0));

/** Of a longer file a bit flipped and two values that mean something: at the next byte the next ones. */
function otherValues(value: number, place: number, isSmall: boolean): number[] {
  if (isSmall || isExhaustive) return Array.from({ length: 255 }, (_, index) => value ^ (index + 1));
  const telling = [place, place + 5].map((turn) => tellingValues[turn % tellingValues.length]!);
  return [...new Set([value ^ (1 << (place % 8)), ...telling])].filter((other) => other !== value);
}

/** The code with which files are refused; undefined when they are read, and then they are read as they were. */
function refusal(given: CheckpointFiles): string | undefined {
  let read: unknown;
  try {
    read = decodeCheckpoint(given);
  } catch (error) {
    if (!isModelError(error)) throw error;
    return error.code;
  }
  expect(read).toEqual(checkpoint);
  return undefined;
}

/** How often each outcome came. */
class Tally {
  readonly outcomes: Record<string, number> = {};
  add(code: string | undefined): void {
    this.outcomes[code ?? "harmless"] = (this.outcomes[code ?? "harmless"] ?? 0) + 1;
  }
}

describe.each([...files.keys()])("%s", (name) => {
  const bytes = files.get(name)!;
  const withBytes = (changed: Uint8Array) => new Map(files).set(name, changed);

  test("is refused when any of its bytes has another value", { timeout: 1_800_000 }, async ({ annotate }) => {
    const tally = new Tally();
    const changed = Uint8Array.from(bytes);
    const given = withBytes(changed);
    for (const [place, value] of bytes.entries()) {
      for (const other of otherValues(value, place, bytes.length < 50)) {
        changed[place] = other;
        tally.add(refusal(given));
      }
      changed[place] = value;
    }
    expect(refusal(given), "with every byte put back").toBeUndefined();
    expect(Object.keys(tally.outcomes)).toEqual(["ALTERED"]);
    await annotate(`${tally.outcomes.ALTERED} corruptions`);
  });

  test("is refused when it is cut off anywhere", async ({ annotate }) => {
    const tally = new Tally();
    for (let length = 0; length < bytes.length; length++) tally.add(refusal(withBytes(bytes.subarray(0, length))));
    // charlstm.json cannot know its own length: its checksum tells.
    expect(tally.outcomes).toEqual({ [name === "charlstm.json" ? "ALTERED" : "TRUNCATED"]: bytes.length });
    await annotate(`${bytes.length} truncations`);
  });

  test("is refused when a byte is missing, doubled or added anywhere", async ({ annotate }) => {
    const tally = new Tally();
    for (let place = 0; place <= bytes.length; place++) {
      const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
      tally.add(refusal(withBytes(Uint8Array.of(...before, ...after.subarray(0, 1), ...after, 0))));
      tally.add(refusal(withBytes(Uint8Array.of(...before, 32, ...after))));
      if (after.length > 0) tally.add(refusal(withBytes(Uint8Array.of(...before, ...after.subarray(1)))));
    }
    expect(Object.keys(tally.outcomes)).not.toContain("harmless");
    await annotate(`${Object.values(tally.outcomes).reduce((sum, count) => sum + count)} slips`);
  });

  test("is refused when it is filled with zeros, as some file systems leave it after a power cut", () => {
    expect(refusal(withBytes(new Uint8Array(bytes.length)))).toBe("ALTERED");
  });

  test("is refused when it is missing", () => {
    const given = new Map(files);
    given.delete(name);
    expect(refusal(given)).toBe("INCOMPLETE");
  });

  test("is refused when it holds what another file should", () => {
    for (const [other, content] of files) {
      if (other !== name) expect(refusal(withBytes(content))).toMatch(/ALTERED|TRUNCATED/);
    }
  });
});

test("files of two checkpoints that are mixed in any way are refused", () => {
  const others = encodeCheckpoint(sampleCheckpoint({ vocabularySize: 1, window: 2, units: [1], step: 8 }));
  const names = [...files.keys()];
  for (let mixture = 1; mixture < 2 ** names.length - 1; mixture++) {
    const given = new Map(names.map((name, bit) => [name, (mixture & (1 << bit) ? others : files).get(name)!]));
    expect(refusal(given), `mixture ${mixture}`).toMatch(/ALTERED|TRUNCATED/);
  }
});
