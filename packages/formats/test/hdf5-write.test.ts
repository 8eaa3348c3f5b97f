import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openHdf5 } from "../src/hdf5/read.js";
import { type Hdf5Writer, writeHdf5 } from "../src/hdf5/write.js";
import { withLibrary, withReader } from "./hdf5-library.js";

/** One call of the writer, and what a reader finds of it: a path, and what lies there. */
interface Entry {
  readonly write: (file: Hdf5Writer) => void;
  readonly found: readonly [path: string, content: unknown][];
}

const name = fc.stringMatching(/^[A-Za-z0-9_:. -]{1,12}$/).filter((text) => !/^(\.*$|g )/.test(text));
const folder = fc.array(name, { maxLength: 4 }).map((names) => names.map((part) => `/g ${part}`).join(""));
const shape = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });
const asciiText = fc.string({
  unit: fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc
    .record({ folder, name, shape, seed: fc.float({ noNaN: true, min: -100, max: 100 }) })
    .map(({ folder, name, shape, seed }) => {
      const count = shape.reduce((product, length) => product * length, 1);
      const values = Float32Array.from({ length: count }, (_, index) => seed * (index + 1));
      const path = `${folder}/${name}`;
      return {
        write: (file: Hdf5Writer) => file.floats(path, shape, values),
        found: [[path, [shape, [...values]]]] as [string, unknown][],
      };
    }),
  fc.record({ folder, name, value: fc.maxSafeInteger() }).map(({ folder, name, value }) => ({
    write: (file: Hdf5Writer) => file.integer(`${folder}/${name}`, value),
    found: [[`${folder}/${name}`, [[], [value]]]] as [string, unknown][],
  })),
  fc.record({ folder, name, value: asciiText }).map(({ folder, name, value }) => ({
    write(file: Hdf5Writer) {
      file.group(folder);
      file.text(folder, name, value);
    },
    found: [[`${folder}@${name}`, [value]]] as [string, unknown][],
  })),
  fc
    .record({ folder, name, values: fc.array(asciiText, { minLength: 1, maxLength: 5 }) })
    .map(({ folder, name, values }) => ({
      write: (file: Hdf5Writer) => file.texts(folder, name, values),
      found: [[`${folder}@${name}`, values]] as [string, unknown][],
    })),
);

/** What of several entries of one place is the first. */
function distinct(entries: readonly Entry[]): Entry[] {
  const taken = new Set<string>();
  return entries.filter(({ found: [[path] = [""]] }) => !taken.has(path) && taken.add(path));
}

test("whatever is written, the HDF5 library and the own reader find just that", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), (given) => {
      const entries = distinct(given);
      const bytes = writeHdf5((file) => {
        for (const { write } of entries) write(file);
      });
      const expected = new Map(entries.flatMap(({ found }) => found));
      expect(withLibrary(bytes)).toEqual(expected);
      const attributes = [...expected.keys()].filter((path) => path.includes("@"));
      expect(withReader(bytes, attributes)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test.each([0, 1, 8, 9, 256, 257, 3000])("a group of %i members is read by the HDF5 library", (count) => {
  const names = Array.from({ length: count }, (_, number) => `member ${number}`);
  const bytes = writeHdf5((file) => {
    file.group("/many");
    for (const [number, name] of names.entries()) file.integer(`/many/${name}`, number);
  });
  const found = withLibrary(bytes);
  expect(found.size).toBe(count);
  for (const [number, name] of names.entries()) expect(found.get(`/many/${name}`)).toEqual([[], [number]]);
  expect(openHdf5(bytes).group("many")!.names()).toEqual([...names].sort());
});

describe("text that is long", () => {
  const line = "a text of a certain length, in ASCII";

  test("is split where it is a list, as Keras splits lists", () => {
    const texts = Array.from({ length: 3000 }, (_, number) => `${line} ${number}`);
    const found = withLibrary(writeHdf5((file) => file.texts("/", "names", texts)));
    expect([...found.keys()]).toEqual(["@names0", "@names1"]);
    expect([...found.values()].flat()).toEqual(texts);
  });

  test("is refused where it is one", () => {
    expect(() => writeHdf5((file) => file.text("/", "model_config", line.repeat(2000)))).toThrow(
      expect.objectContaining({
        code: "BAD_MODEL",
        message: expect.stringMatching(/"model_config" has 72\d{3} bytes/),
      }),
    );
  });
});

const python = process.env.CHARLSTM_PYTHON;
test.skipIf(!python)(
  `h5py finds what was written, and goes on writing into it${python ? "" : " (skipped: no Python with Keras, set CHARLSTM_PYTHON)"}`,
  { timeout: 60_000 },
  async () => {
    const path = join(temporaryFolder(), "written.h5");
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
    const bytes = writeHdf5((file) => {
      file.text("/", "text", "one");
      file.texts("/", "texts", ["a", "bcd"]);
      for (const count of [0, 8, 9, 300]) {
        file.group(`/with ${count}`);
        for (const number of numbers(count)) file.integer(`/with ${count}/member ${number}`, number);
      }
      file.floats("/deep/in/a/group", [2, 3], Float32Array.of(0, 1, 2, 3, 4, 5));
      file.float("/deep/scalar", 0.5);
    });
    writeFileSync(path, bytes);
    const script = fileURLToPath(new URL("../python/read_hdf5.py", import.meta.url));
    const { stdout } = await promisify(execFile)(python!, [script, path]);
    expect(JSON.parse(stdout)).toEqual({
      "/@text": "one",
      "/@texts": ["a", "bcd"],
      ...Object.fromEntries(
        [0, 8, 9, 300].flatMap((count) => numbers(count).map((number) => [`/with ${count}/member ${number}`, number])),
      ),
      "/deep/in/a/group": [
        [0, 1, 2],
        [3, 4, 5],
      ],
      "/deep/scalar": 0.5,
    });
    const root = openHdf5(new Uint8Array(readFileSync(path)));
    for (const count of [0, 8, 9, 300]) {
      const names = [...numbers(count).map((number) => `member ${number}`), "by h5py"];
      expect(root.group(`with ${count}`)!.names()).toEqual(names.sort());
    }
  },
);
