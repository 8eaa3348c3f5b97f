import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fletcher32, unfilter } from "../src/hdf5/filters.js";
import { openHdf5 } from "../src/hdf5/read.js";
import { fixture } from "./fixtures.js";

/** Elements of a place that `make_chunks.py` wrote to; where nothing is told, all. */
const partlyWritten: Readonly<Record<string, (place: readonly number[]) => boolean>> = {
  "fixed-pages": ([row]) => row! >= 1100,
  "many-sparse": ([row]) => row! >= 136_000,
  ...Object.fromEntries(["fixed", "growing", "tree", "single"].map((name) => [`${name}-empty`, () => false])),
  ...Object.fromEntries(
    ["fixed", "growing", "tree"].map((name) => [
      `${name}-sparse`,
      ([row, column]: readonly number[]) => row! >= 4 && row! < 6 && column! >= 2 && column! < 4,
    ]),
  ),
};

/** What the script says of every element: a quarter of its number, and -1 where nothing was written. */
function expectedOf(name: string, shape: readonly number[]): Float64Array {
  const count = shape.reduce((product, length) => product * length, 1);
  const isWritten = partlyWritten[name] ?? (() => true);
  return Float64Array.from({ length: count }, (_, number) => {
    const place: number[] = [];
    let rest = number;
    for (const length of [...shape].reverse()) {
      place.unshift(rest % length);
      rest = Math.floor(rest / length);
    }
    return isWritten(place) ? number / 4 : -1;
  });
}

function expectAll(bytes: Uint8Array, count = 30): void {
  const root = openHdf5(bytes);
  expect(root.names()).toHaveLength(count);
  for (const name of root.names()) {
    const { shape, values } = root.dataset(name)!;
    expect([name, values]).toEqual([name, expectedOf(name, shape)]);
  }
}

describe("arrays in chunks are read by every index of chunks, with every filter of h5py", () => {
  test.each(["v110", "latest"])("as h5py writes them with libver %s", (libver) => {
    expectAll(fixture(`hdf5/chunks-${libver}.h5`));
  });

  const python = process.env.CHARLSTM_PYTHON;
  test.skipIf(!python)(
    `as h5py writes them here and now${python ? "" : " (skipped: no Python with Keras, set CHARLSTM_PYTHON)"}`,
    { timeout: 60_000 },
    async () => {
      const folder = temporaryFolder();
      const script = fileURLToPath(new URL("../python/make_chunks.py", import.meta.url));
      await promisify(execFile)(python!, [script, folder]);
      const made = (name: string) => new Uint8Array(readFileSync(join(folder, `chunks-${name}.h5`)));
      for (const libver of ["earliest", "v110", "latest"]) expectAll(made(libver));
      expectAll(made("many"), 2);
    },
  );
});

test("what was never written is the file's filling, also one without a byte of zero", () => {
  const bytes = fixture("hdf5/chunks-latest.h5").slice();
  const [minusOne, largest] = [
    Uint8Array.of(4, 0, 0, 0, 0, 0, 0x80, 0xbf),
    Uint8Array.of(4, 0, 0, 0, 0xff, 0xff, 0x7f, 0x7f),
  ];
  const file = Buffer.from(bytes.buffer);
  for (let at = file.indexOf(minusOne); at >= 0; at = file.indexOf(minusOne)) bytes.set(largest, at);
  const { values } = openHdf5(bytes).dataset("fixed-empty")!;
  expect(new Set(values)).toEqual(new Set([(2 - 2 ** -23) * 2 ** 127]));
});

test.each([9, 10])("a list of chunks whose blocks, byte %i of its head, are no power of two is refused", (offset) => {
  const whole = fixture("hdf5/chunks-latest.h5");
  const bytes = whole.slice();
  const file = Buffer.from(bytes.buffer);
  for (let at = file.indexOf("EAHD"); at >= 0; at = file.indexOf("EAHD", at + 1)) bytes[at + offset] = 3;
  expect(openHdf5(whole).dataset("growing")).toBeDefined();
  expect(() => openHdf5(bytes).dataset("growing")).toThrow(
    expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("blocks of no possible size") }),
  );
});

test("a byte of a chunk with a checksum that is another is noticed", () => {
  const bytes = fixture("hdf5/chunks-latest.h5").slice();
  // The array is 0, 1/4, 2/4, …; its first numbers in its only chunk are found by their bytes.
  const start = Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75);
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, fletcher32(new Uint8Array(start.buffer)), true);
  const at = Buffer.from(bytes).indexOf(Buffer.concat([new Uint8Array(start.buffer), checksum]));
  expect(at).toBeGreaterThan(0);
  bytes[at + 5]! ^= 1;
  expect(() => openHdf5(bytes).dataset("single-checksum")).toThrow(
    expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("checksum of a chunk") }),
  );
});

test("a shuffle of elements that are wider than the chunk leaves it as it is, without counting up to their width", () => {
  const chunk = Uint8Array.of(1, 2, 3, 4);
  const shuffle = [{ id: 2, values: [2 ** 32 - 1] }];
  for (let time = 0; time < 1000; time++) expect(unfilter(chunk, shuffle, 0, 4)).toEqual(chunk);
});

test("undoing a shuffle leaves the bytes of the file alone, also those of a Buffer", () => {
  const shuffled = Buffer.from([1, 3, 2, 4]);
  expect([...unfilter(shuffled, [{ id: 2, values: [2] }], 0, 4)]).toEqual([1, 2, 3, 4]);
  expect([...shuffled]).toEqual([1, 3, 2, 4]);
});

test("the checksum is Fletcher's of the words, first byte high", () => {
  // By hand: words 0x0102, 0x0304; sums 0x0406 and 0x0102 + 0x0406.
  expect(fletcher32(Uint8Array.of(1, 2, 3, 4))).toBe(0x0508_0406);
  const folded = (sum: bigint) => Number(sum % 65535n === 0n && sum > 0n ? 65535n : sum % 65535n);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      let [first, second] = [0n, 0n];
      for (let at = 0; at < bytes.length; at += 2) {
        first += BigInt((bytes[at]! << 8) | (bytes[at + 1] ?? 0));
        second += first;
      }
      expect(fletcher32(bytes)).toBe(folded(second) * 65536 + folded(first));
    }),
  );
});
