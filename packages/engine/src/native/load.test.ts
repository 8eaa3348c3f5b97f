// What a library may say of itself and of the processor, without one that says so at hand.
import { describe, expect, test } from "vitest";
import type { NativeBuild } from "../types.js";
import { type Binding, INTERFACE } from "./binding.js";
import { examine, type Native, pick } from "./load.js";

const library = (change: object) =>
  ({ interface: INTERFACE, version: "0.0.0", builds: () => ["avx512", "avx2"], ...change }) as unknown as Binding;
const reasonOf = (native: Native) => ("reason" in native ? native.reason : undefined);

/** The error of asking for a build. */
function refusal(native: Native, build: NativeBuild): unknown {
  try {
    return pick(native, build);
  } catch (error) {
    return error;
  }
}

describe("a library", () => {
  test("gives the builds that the processor has instructions for", () => {
    expect(pick(examine(library({}), "x.node"), "avx512").build).toBe("avx512");
    const narrow = examine(library({ builds: () => ["avx2"] }), "x.node");
    expect(pick(narrow, "avx2").build).toBe("avx2");
    expect(refusal(narrow, "avx512")).toMatchObject({
      name: "EngineError",
      code: "NO_BUILD",
      message: 'no avx512 build runs here: this processor lacks its instructions, it has avx2; use build: "auto"',
    });
  });

  test("is of no use to a processor that has none of its instructions", () => {
    const none = examine(library({ builds: () => [] }), "x.node");
    expect(reasonOf(none)).toBe("this processor has neither AVX-512, nor AVX2 with FMA, nor NEON");
    expect(refusal(none, "avx2")).toMatchObject({ code: "NO_BUILD" });
  });

  test("from the future may have builds that this engine does not know", () => {
    const later = examine(library({ builds: () => ["avx10", "avx2"] }), "x.node");
    expect("builds" in later && later.builds).toEqual(["avx2"]);
  });

  test.each([{ interface: INTERFACE + 1 }, { interface: undefined }, { interface: String(INTERFACE) }])(
    "of another interface, %o, is not called",
    (change) => {
      const builds = () => {
        throw new Error("called");
      };
      const other = examine(library({ ...change, builds }), "x.node");
      expect(reasonOf(other)).toBe("x.node is of another version of the engine: install both anew");
    },
  );
});
