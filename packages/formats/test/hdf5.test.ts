import { File as LibraryFile, type Group as LibraryGroup } from "h5wasm";
import { describe, expect, test } from "vitest";
import { openHdf5 } from "../src/hdf5/read.js";
import { readKeras } from "../src/index.js";
import { fixture, kerasFiles } from "./fixtures.js";
import { built, FS, withLibrary, withReader } from "./hdf5-library.js";

test.each(kerasFiles.filter((name) => name.endsWith(".h5")))("%s reads as the HDF5 library reads it", (name) => {
  const bytes = fixture(name);
  const expected = withLibrary(bytes);
  const attributes = [...expected.keys()].filter((key) => key.includes("@"));
  expect(expected.size).toBeGreaterThan(10);
  expect(withReader(bytes, attributes)).toEqual(expected);
});

test("lists that Keras splits over several attributes are joined, whatever is beside them", () => {
  const whole = fixture("keras-2.7-adam-two-layers.h5");
  FS.writeFile("/split.h5", whole);
  const file = new LibraryFile("/split.h5", "a");
  const split = (owner: Pick<LibraryGroup, "attrs" | "delete_attribute" | "create_attribute">, name: string) => {
    const values = owner.attrs[name]!.value as string[];
    owner.delete_attribute(name);
    values.forEach((value, index) => {
      owner.create_attribute(`${name}${index}`, [value], [1], `A${value.length + 1}`);
    });
    return values;
  };
  const weights = file.get("model_weights") as LibraryGroup;
  for (const layer of split(weights, "layer_names")) {
    const group = weights.get(layer) as LibraryGroup;
    if ((group.attrs.weight_names!.value as string[]).length > 0) split(group, "weight_names");
  }
  split(file.get("optimizer_weights") as LibraryGroup, "weight_names");
  file.close();
  const bytes = (FS as unknown as { readFile(path: string): Uint8Array }).readFile("/split.h5").slice();
  expect(readKeras(bytes)).toEqual(readKeras(whole));
});

describe("a file in the library's own style", () => {
  test.each(["earliest", undefined, "latest"] as const)("is read, written with libver %s", (libver) => {
    const bytes = built((file) => {
      file.create_group("a");
      const data = Float32Array.of(1.5, -2, 3, 4, 5, 6);
      file.create_dataset({ name: "a/floats", data, shape: [2, 3], dtype: "<f" });
      file.create_dataset({ name: "a/doubles", data: Float64Array.of(0.1), shape: [1], dtype: "<d" });
      file.create_dataset({ name: "bytes", data: Int8Array.of(-1, 2), shape: [2], dtype: "<b" });
      file.create_attribute("text", "é中😀");
      file.create_attribute("list", ["a", "bcd"], [2], "A4");
      file.create_attribute("numbers", [1, 2.5], [2], "<d");
    }, libver);
    const root = openHdf5(bytes);
    expect(root.dataset("a/floats")).toEqual({ shape: [2, 3], values: Float64Array.of(1.5, -2, 3, 4, 5, 6) });
    expect(root.dataset("a/doubles")?.values).toEqual(Float64Array.of(0.1));
    expect(root.dataset("bytes")?.values).toEqual(Float64Array.of(-1, 2));
    expect(root.attribute("text")).toEqual(["é中😀"]);
    expect(root.attribute("list")).toEqual(["a", "bcd"]);
    expect(root.attribute("numbers")).toEqual([1, 2.5]);
    expect(root.attribute("nothing")).toBeUndefined();
    expect(root.dataset("a/nothing")).toBeUndefined();
  });

  test.each(["earliest", "latest"] as const)(
    "is read where its arrays are compressed in chunks of any size, libver %s",
    (libver) => {
      const shape = [7, 5, 3];
      const data = Float32Array.from({ length: 105 }, (_, index) => index / 2);
      for (const chunks of [
        [7, 5, 3],
        [2, 2, 2],
        [1, 5, 1],
        [3, 4, 3],
      ]) {
        const bytes = built((file) => {
          file.create_dataset({ name: "x", data, shape, dtype: "<f", chunks, compression: 9 });
        }, libver);
        expect(openHdf5(bytes).dataset("x")).toEqual({ shape, values: Float64Array.from(data) });
      }
    },
  );

  test("is read whatever its numbers are", () => {
    const values = {
      "<b": Int8Array.of(-128, 0, 127),
      "<B": Uint8Array.of(0, 1, 255),
      "<h": Int16Array.of(-32_768, -2, 32_767),
      "<H": Uint16Array.of(0, 1, 65_535),
      "<i": Int32Array.of(-(2 ** 31), -2, 2 ** 31 - 1),
      "<I": Uint32Array.of(0, 1, 2 ** 32 - 1),
      "<q": BigInt64Array.of(-(2n ** 53n), -2n, 2n ** 53n),
      "<Q": BigUint64Array.of(0n, 1n, 2n ** 53n),
      "<f": Float32Array.of(-1.5, 2 ** -140, 3),
      "<d": Float64Array.of(-0.1, 1e-300, 3),
    };
    const bytes = built((file) => {
      for (const [dtype, data] of Object.entries(values)) file.create_dataset({ name: dtype, data, shape: [3], dtype });
    });
    const root = openHdf5(bytes);
    for (const [dtype, data] of Object.entries(values)) {
      expect([dtype, root.dataset(dtype)?.values]).toEqual([
        dtype,
        Float64Array.from(data as Iterable<number>, Number),
      ]);
    }
  });

  test("is refused when compressed arrays are larger than any model's would be", () => {
    const bomb = built((file) => {
      const data = new Float32Array(3_000_000);
      file.create_dataset({ name: "x", data, shape: [3_000_000], dtype: "<f", chunks: [300_000], compression: 9 });
    }, "earliest");
    expect(bomb.length).toBeLessThan(60_000);
    expect(() => openHdf5(bomb).dataset("x")).toThrow(
      expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("more memory") }),
    );
  });

  test("is refused when one array is read again and again", () => {
    const bytes = built((file) => {
      file.create_dataset({ name: "x", data: new Float32Array(100_000), shape: [100_000], dtype: "<f" });
    }, "earliest");
    const root = openHdf5(bytes);
    expect(root.dataset("x")?.values).toHaveLength(100_000);
    expect(() => [1, 2, 3].map(() => root.dataset("x"))).toThrow(expect.objectContaining({ code: "CORRUPT_FILE" }));
  });

  test.each([9, 300, 3000])("is read where a group has %i members", (count) => {
    const bytes = built((file) => {
      file.create_group("many");
      for (let n = 0; n < count; n++) file.create_soft_link("/one", `many/a member with a name ${n}`);
      file.create_dataset({ name: "one", data: Float32Array.of(7), shape: [1], dtype: "<f" });
    }, "latest");
    const many = openHdf5(bytes).group("many")!;
    const names = Array.from({ length: count }, (_, n) => `a member with a name ${n}`).sort();
    expect(many.names()).toEqual(names);
    expect(many.dataset(`a member with a name ${count - 1}`)?.values).toEqual(Float64Array.of(7));
    expect(many.has("another")).toBe(false);
  });

  test("is read where an object has many attributes, some of them long", () => {
    const bytes = built((file) => {
      for (let n = 0; n < 40; n++) file.create_attribute(`number ${n}`, [n, n / 2], [2], "<d");
      file.create_attribute("long", Array(300).fill("twenty characters 12"), [300], "S20");
      file.create_attribute("longer", Array(2000).fill("twenty characters 12"), [2000], "S20");
    }, "latest");
    const root = openHdf5(bytes);
    for (let n = 0; n < 40; n++) expect(root.attribute(`number ${n}`)).toEqual([n, n / 2]);
    expect(root.attribute("long")).toEqual(Array(300).fill("twenty characters 12"));
    expect(root.attribute("longer")).toEqual(Array(2000).fill("twenty characters 12"));
    expect(root.attribute("number 40")).toBeUndefined();
  });

  test("is refused where its soft links lead in a circle, which others beside it may do", () => {
    const bytes = built((file) => {
      file.create_soft_link("/there", "here");
      file.create_soft_link("/here", "there");
      file.create_soft_link("/one", "link");
      file.create_dataset({ name: "one", data: Float32Array.of(7), shape: [1], dtype: "<f" });
    });
    const root = openHdf5(bytes);
    expect(root.dataset("link")?.values).toEqual(Float64Array.of(7));
    expect(() => root.has("here")).toThrow(
      expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("in a circle") }),
    );
  });

  test.each([
    ["width", 110, 2],
    ["smallest block", 112, 8],
  ])("is refused where the heap of its many links claims no %s", (_, offset, length) => {
    const bytes = built((file) => {
      for (let n = 0; n < 20; n++) file.create_soft_link("/one", `member ${n}`);
    }, "latest");
    const heap = Buffer.from(bytes).indexOf("FRHP");
    bytes.fill(0, heap + offset, heap + offset + length);
    expect(() => openHdf5(bytes).names()).toThrow(
      expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringContaining("blocks of no size") }),
    );
  });

  test("is refused by name where it goes beyond what Keras writes, with what turns it into a file that is read", () => {
    const bigEndian = built((file) => {
      file.create_dataset({ name: "x", data: new Float32Array(4), shape: [4], dtype: "<f" });
    });
    // The type's first bit says the order of the bytes.
    bigEndian[Buffer.from(bigEndian).indexOf(Uint8Array.of(0x11, 0x20, 0x1f, 0, 4, 0, 0, 0)) + 1]! |= 1;
    expect(() => openHdf5(bigEndian).dataset("x")).toThrow(
      expect.objectContaining({
        code: "UNSUPPORTED_FILE",
        message: expect.stringMatching(/big-endian numbers.*h5repack .*or load the model in Keras/),
      }),
    );
  });
});
