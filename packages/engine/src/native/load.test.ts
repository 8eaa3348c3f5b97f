// What a library may say of itself and of the processor, without one that says so at hand.
import { afterEach, describe, expect, test, vi } from "vitest";
import type { NativeBuild } from "../types.js";
import { type Binding, INTERFACE } from "./binding.js";
import { examine, load, type Native, pick } from "./load.js";

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

describe("looked for", () => {
  afterEach(() => void vi.unstubAllGlobals());

  const home = "/project/node_modules/@charlstm/engine/";
  const beside = "/project/node_modules/@charlstm/engine-linux-x64-";

  /** The shortest file that is whole to ELF: a header, and a table of one section, for a processor of x64. */
  const whole = new Uint8Array(128);
  whole.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  for (const [at, value] of [
    [18, 62],
    [40, 64],
    [58, 64],
    [60, 1],
  ] as const)
    whole[at] = value;

  /** Looks on a machine where opening `installed`, by path, gives a library or throws; tells which were opened. */
  function found(
    installed: Record<string, Binding | Error>,
    { file = whole as Uint8Array | undefined, platform = "linux", arch = "x64", env = {} } = {},
  ): { native: Native; opened: string[] } {
    const opened: string[] = [];
    const dlopen = (module: { exports: unknown }, path: string) => {
      opened.push(path);
      const library = installed[path];
      if (library instanceof Error) throw library;
      module.exports = library;
    };
    const values = { platform, arch, env, dlopen };
    vi.stubGlobal(
      "process",
      Object.create(process, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))),
    );
    const resolve = (name: string) => {
      if (name === "@charlstm/engine/package.json") return `${home}package.json`;
      if (name in installed) return name;
      throw new Error(`cannot find ${name}`);
    };
    const paths = () => [`${home}dist/node_modules`, `${home}node_modules`, "/project/node_modules", "/node_modules"];
    const readFileSync = () => {
      if (!file) throw new Error("read");
      return file;
    };
    const fs = { readFileSync } as unknown as typeof import("node:fs");
    return { native: load({ fs }, { resolve: Object.assign(resolve, { paths }) }), opened };
  }

  test.each([`${beside}gnu`, `${beside}musl`, `${home}node_modules/@charlstm/engine-linux-x64-gnu`])(
    "it is found at %s",
    (place) => {
      const { native, opened } = found({ [place]: library({}) });
      expect(native).toMatchObject({ builds: ["avx512", "avx2"] });
      expect(opened).toEqual([place]);
    },
  );

  test("it is not taken from a folder above, which may be anybody's", () => {
    const { native, opened } = found({ "/node_modules/@charlstm/engine-linux-x64-gnu": library({}) });
    expect(native).toEqual({ reason: "@charlstm/engine-linux-x64-gnu is not installed" });
    expect(opened).toEqual([]);
  });

  test("that of the other C library is taken where one does not load", () => {
    const { native, opened } = found({ [`${beside}gnu`]: new Error("no libc"), [`${beside}musl`]: library({}) });
    expect(native).toMatchObject({ builds: ["avx512", "avx2"] });
    expect(opened).toEqual([`${beside}gnu`, `${beside}musl`]);
  });

  test.each([
    ["does not load", `${beside}gnu`, new Error("no libc\nand more"), `${beside}gnu does not load: no libc`],
    ["is another version", `${beside}musl`, library({ interface: 0 }), /musl is of another version of the engine/],
  ])("of one that %s more is said than of one that is missing", (_, place, content, reason) => {
    expect(found({ [place]: content }).native).toEqual({ reason: expect.stringMatching(reason) });
  });

  test("a file that was cut off is not opened on Linux, where that would end the process", () => {
    const cut = whole.subarray(0, 100);
    const { native, opened } = found({ [`${beside}gnu`]: library({}) }, { file: cut });
    expect([native, opened]).toEqual([{ reason: `${beside}gnu is no whole library: install it again` }, []]);
  });

  test("elsewhere it is opened without being read", () => {
    const place = "/project/node_modules/@charlstm/engine-darwin-arm64";
    const machine = { platform: "darwin", arch: "arm64", file: undefined };
    expect(found({ [place]: library({}) }, machine).opened).toEqual([place]);
  });

  test("one that the environment names is taken, there and nowhere else", () => {
    const env = { CHARLSTM_ENGINE_NATIVE: "/mine.node" };
    expect(found({ "/mine.node": library({}), [`${beside}gnu`]: library({}) }, { env }).opened).toEqual(["/mine.node"]);
    expect(found({ [`${beside}gnu`]: library({}) }, { env }).native).toEqual({ reason: "/mine.node does not exist" });
  });

  test("there is none for every platform", () => {
    expect(found({}, { platform: "sunos" }).native).toEqual({ reason: "there is no native engine for sunos on x64" });
  });
});
