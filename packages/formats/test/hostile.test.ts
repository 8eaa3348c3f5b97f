import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readKeras, readSafetensors, readTfjsLayersModel } from "../src/index.js";
import { attempt } from "./attempt.js";
import { fixture, tfjsFixture } from "./fixtures.js";
import { repeatable } from "./models.js";

test("any flipped bit in an entry of a .keras file is noticed", () => {
  const original = fixture("keras-3.15-rmsprop.keras");
  const arrays = readEntries("keras-3.15-rmsprop.keras")["model.weights.h5"]!;
  const start = indexOf(original, arrays);
  const random = repeatable(3);
  for (let n = 0; n < 200; n++) {
    const bytes = original.slice();
    bytes[start + Math.floor(random() * arrays.length)]! ^= 1 << Math.floor(random() * 8);
    expect(attempt(() => readKeras(bytes), `flip ${n}`)).toBe("CORRUPT_FILE");
  }
});

/** Where a part of some bytes begins. */
function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(part);
}

describe("a file that claims more than it holds", () => {
  test("is refused when the header of a safetensors file is longer than the file", () => {
    const bytes = new Uint8Array(64);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 31n, true);
    bytes[8] = 0x7b;
    expect(attempt(() => readSafetensors(bytes), "a long header")).toBe("CORRUPT_FILE");
  });

  test("is refused when the entry of an archive unpacks to more than 1,032 times its size", () => {
    const archive = zipSync({ "config.json": strToU8("{}"), "model.weights.h5": new Uint8Array(64) }, { level: 0 });
    const view = new DataView(archive.buffer);
    for (let at = 0; at + 46 < archive.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 2 ** 31 - 1, true);
    }
    expect(archive.length).toBeLessThan(2000);
    expect(attempt(() => readKeras(archive), "2 GB in 2 kB")).toBe("TOO_LARGE");
  });

  test("is refused when an archive is a bomb of honest zeros", () => {
    const bomb = zipSync({ "config.json": new Uint8Array(3_000_000), "model.weights.h5": new Uint8Array(8) });
    expect(bomb.length).toBeLessThan(4000);
    expect(attempt(() => readKeras(bomb), "a bomb")).toBe("TOO_LARGE");
  });

  test.each([2 ** 29, 2 ** 40, Number.MAX_SAFE_INTEGER])("is refused when an HDF5 array claims %d rows", (rows) => {
    const bytes = fixture("keras-2.7-rmsprop.h5").slice();
    const shape = Uint8Array.from([7, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0]);
    const at = indexOf(bytes, shape);
    expect(at).toBeGreaterThan(0);
    new DataView(bytes.buffer).setBigUint64(at, BigInt(rows), true);
    expect(attempt(() => readKeras(bytes), "an absurd array")).toBe("CORRUPT_FILE");
  });

  test("is refused when its layers are nested without end", () => {
    const depth = 200_000;
    const nested = patchedKeras((config) =>
      config.replace('"layers": [', `"layers": [${"[".repeat(depth)}${"]".repeat(depth)}, `),
    );
    expect(attempt(() => readKeras(nested), "nested layers")).toBe("CORRUPT_FILE");
  });

  test("is refused when the layers of a model are wider than its arrays", () => {
    const archive = patchedKeras((config) => config.replaceAll('"units": 4', '"units": 1000000000'));
    expect(attempt(() => readKeras(archive), "a wide layer")).toBe("BAD_SHAPE");
    const bias = patchedKeras((config) => config.replaceAll('"units": 7', '"units": 1000000000, "use_bias": false'));
    expect(attempt(() => readKeras(bias), "a wide bias")).toMatch(/BAD_SHAPE|MISSING_WEIGHTS/);
  });
});

describe("what a file names many times is no reason to take memory many times", () => {
  /** A safetensors file of 8,000 bytes of arrays, at the given places. */
  function placed(places: readonly [number, number][]): Uint8Array {
    const header = Object.fromEntries(
      places.map((place, n) => [`t${n}`, { dtype: "F32", shape: [(place[1] - place[0]) / 4], data_offsets: place }]),
    );
    const json = strToU8(JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + 8000);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  }

  test.each([
    ["a thousand tensors in the same bytes", Array.from({ length: 1000 }, (): [number, number] => [0, 8000])],
    [
      "two that share four bytes",
      [
        [0, 4004],
        [4000, 8000],
      ] as [number, number][],
    ],
    [
      "one inside another",
      [
        [0, 8000],
        [400, 800],
      ] as [number, number][],
    ],
  ])("safetensors: %s", (_, places) => {
    expect(() => readSafetensors(placed(places))).toThrow(
      expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("lie in the same bytes") }),
    );
  });

  test("safetensors: tensors side by side, and empty ones anywhere, are none", () => {
    expect(
      attempt(
        () =>
          readSafetensors(
            placed([
              [0, 4000],
              [4000, 8000],
              [2000, 2000],
            ]),
          ),
        "side by side",
      ),
    ).toBe("NOT_A_MODEL");
  });

  test.each(["one group", "several groups"])("a tfjs manifest that names a weight file twice in %s", (where) => {
    const { modelJson, weights } = tfjsFixture("tfjs-converter-shards");
    const json = JSON.parse(modelJson) as { weightsManifest: { paths: string[]; weights: object[] }[] };
    const [group] = json.weightsManifest;
    if (where === "one group") group!.paths = group!.paths.flatMap((path) => [path, path]);
    else json.weightsManifest.push({ paths: group!.paths, weights: [] });
    expect(() => readTfjsLayersModel({ modelJson: JSON.stringify(json), weights })).toThrow(
      expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("more than once") }),
    );
  });
});

/** A `.keras` file of the fixtures with another configuration; the old and the new text need not have one length. */
function patchedKeras(change: (config: string) => string): Uint8Array {
  const original = readEntries("keras-3.15-rmsprop.keras");
  const config = change(new TextDecoder().decode(original["config.json"]));
  return zipSync({ ...original, "config.json": strToU8(config) }, { level: 0 });
}

function readEntries(name: string): Record<string, Uint8Array> {
  return unzipSync(fixture(name));
}

test.each(["../../config.json", "/etc/passwd", "assets/../../x", "C:\\x", "..\\x"])(
  "an archive with the path %s is refused",
  (path) => {
    const archive = zipSync({ ...readEntries("keras-3.15-rmsprop.keras"), [path]: strToU8("x") });
    expect(attempt(() => readKeras(archive), path)).toBe("UNSAFE_PATH");
  },
);

test("code in a Lambda layer is refused and never run", () => {
  const archive = patchedKeras((config) => config.replace('"class_name": "Dense"', '"class_name": "Lambda"'));
  expect(() => readKeras(archive)).toThrow(
    expect.objectContaining({ code: "UNSUPPORTED_LAYER", message: expect.stringContaining("(Lambda)") }),
  );
});

test.each([
  ["no bytes", new Uint8Array(0)],
  ["a text", strToU8("It is a truth universally acknowledged")],
  ["half a signature", Uint8Array.of(0x89, 0x48, 0x44)],
])("%s is no model", (what, bytes) => {
  expect(attempt(() => readKeras(bytes), what)).toBe("NOT_A_MODEL");
  expect(attempt(() => readSafetensors(bytes), what)).toBe("NOT_A_MODEL");
});

test("an archive that is no .keras file is no model", () => {
  expect(attempt(() => readKeras(zipSync({ "a.txt": strToU8("a") })), "a zip")).toBe("NOT_A_MODEL");
});

test("an unknown option is refused", () => {
  expect(() => readKeras(fixture("keras-2.7-rmsprop.h5"), { windows: 3 } as never)).toThrow(
    expect.objectContaining({ code: "BAD_OPTION" }),
  );
  expect(() => readKeras(fixture("keras-2.7-rmsprop.h5"), { window: 0 })).toThrow(
    expect.objectContaining({ code: "BAD_OPTION" }),
  );
});
