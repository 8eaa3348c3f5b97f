// Damage of every kind, thousands of times: each file is read, or refused with an error of ours.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isExhaustive } from "@charlstm/testing";
import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { openHdf5 } from "../src/hdf5/read.js";
import { readKeras, readSafetensors, readTfjsLayersModel, writeSafetensors } from "../src/index.js";
import { attempt } from "./attempt.js";
import { fixture, tfjsFixture } from "./fixtures.js";
import { built } from "./hdf5-library.js";
import { repeatable } from "./models.js";

/** Cuts the file short, changes single bytes, blanks a run or moves one somewhere else. */
function damage(original: Uint8Array, random: () => number): Uint8Array {
  const kind = random();
  const below = (limit: number) => Math.floor(random() * limit);
  if (kind < 0.1) return original.slice(0, below(original.length));
  const bytes = original.slice();
  // The structure is mostly in the first bytes: half of the changes go there.
  const place = () => below(random() < 0.5 ? Math.min(4096, bytes.length) : bytes.length);
  if (kind < 0.7) for (let n = 1 + below(kind < 0.5 ? 3 : 60); n > 0; n--) bytes[place()] = below(256);
  else if (kind < 0.85) bytes.fill(random() < 0.5 ? 0 : 255, place(), place());
  else bytes.copyWithin(place(), place(), place());
  return bytes;
}

const script = fileURLToPath(new URL("../scripts/read-damaged.js", import.meta.url));

/** More than this no damaged file may make the process take; the files themselves have 20 to 60 kB. */
const MOST_MEMORY_MB = 300;

const damagedFiles = isExhaustive ? 20_000 : 4000;

test(`${damagedFiles} damaged files are read or refused with a FormatError, in little memory`, {
  timeout: 600_000,
}, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(damagedFiles)], { timeout: 590_000 });
  const { files, outcomes, memoryMostMB } = JSON.parse(stdout) as Figures;
  expect(files).toBe(damagedFiles);
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(["read", "CORRUPT_FILE", "NOT_A_MODEL"]));
  expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(damagedFiles);
  expect(memoryMostMB).toBeLessThan(MOST_MEMORY_MB);
});

interface Figures {
  files: number;
  outcomes: Record<string, number>;
  memoryMostMB: number;
}

/** What JSON can hold where something else was expected; names of Object's own properties and objects that are no text. */
const ODD = [
  ...[null, true, -1, 1.5, 1e300, "", "constructor", "__proto__", "toString", "valueOf", [], {}],
  ...[{ toString: 1, valueOf: 1 }, JSON.parse('{"__proto__":{"units":4}}'), [[["lstm", 0]]]],
];

/** The JSON text with each of its values, one at a time, replaced by each odd one. */
function* oddities(text: string): Generator<string> {
  const root = { value: JSON.parse(text) as unknown };
  const pending: [owner: Record<string, unknown>, key: string][] = [[root, "value"]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [owner, key] = next;
    const original = owner[key];
    if (typeof original === "object" && original !== null)
      pending.push(
        ...Object.keys(original).map((name): [Record<string, unknown>, string] => [
          original as Record<string, unknown>,
          name,
        ]),
      );
    for (const odd of ODD) {
      owner[key] = odd;
      yield JSON.stringify(root.value);
    }
    owner[key] = original;
  }
}

describe("any value of a model's JSON may be any other: the model is read or refused with a FormatError", () => {
  test(".keras", { timeout: 120_000 }, () => {
    const original = unzipSync(fixture("keras-3.15-adam-two-layers.keras"));
    for (const text of oddities(new TextDecoder().decode(original["config.json"])))
      attempt(() => readKeras(zipSync({ ...original, "config.json": strToU8(text) }, { level: 0 })), text);
  });

  test("model.json", { timeout: 120_000 }, () => {
    const { modelJson, weights } = tfjsFixture("tfjs-converter-uint16");
    for (const text of oddities(modelJson)) attempt(() => readTfjsLayersModel({ modelJson: text, weights }), text);
  });

  test("the header of safetensors", { timeout: 120_000 }, () => {
    const bytes = writeSafetensors(readKeras(fixture("keras-2.7-rmsprop.h5")));
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (const text of oddities(new TextDecoder().decode(bytes.subarray(8, 8 + length)))) {
      const header = strToU8(text);
      const changed = new Uint8Array(8 + header.length + bytes.length - 8 - length);
      new DataView(changed.buffer).setBigUint64(0, BigInt(header.length), true);
      changed.set(header, 8);
      changed.set(bytes.subarray(8 + length), 8 + header.length);
      attempt(() => readSafetensors(changed), text);
    }
  });
});

test("a damaged model.json is refused with a FormatError", () => {
  const { modelJson, weights } = tfjsFixture("tfjs-converter-shards");
  const random = repeatable(4);
  for (let n = 0; n < 1000; n++) {
    const text = new TextDecoder().decode(damage(strToU8(modelJson), random));
    attempt(() => readTfjsLayersModel({ modelJson: text, weights }), `model.json, damage ${n}`);
  }
});

test("an HDF5 file of many members and attributes ends in an error of ours, whichever byte is another", () => {
  const whole = built((file) => {
    for (let n = 0; n < 400; n++) file.create_soft_link("/one", `member ${n}`);
    for (let n = 0; n < 12; n++) file.create_attribute(`number ${n}`, [n], [1], "<d");
  }, "latest");
  for (let at = 0; at < whole.length; at += isExhaustive ? 7 : 31) {
    const bytes = whole.slice();
    bytes[at] = bytes[at]! ^ 0xff;
    attempt(() => {
      const root = openHdf5(bytes);
      root.has(root.names().at(-1) ?? "x");
      root.attribute("number 11");
    }, `byte ${at}`);
  }
});

test.each(["v110", "latest"])(
  "in arrays in chunks, libver %s, a changed byte ends in what is read or in an error of ours",
  { timeout: 120_000 },
  (libver) => {
    const whole = fixture(`hdf5/chunks-${libver}.h5`);
    const names = openHdf5(whole).names();
    for (let at = 0; at < whole.length; at += isExhaustive ? 397 : 1999) {
      const bytes = whole.slice();
      bytes[at] = bytes[at]! ^ 0xff;
      attempt(() => {
        const root = openHdf5(bytes);
        for (const name of names) attempt(() => root.dataset(name), `byte ${at}, array ${name}`);
      }, `byte ${at}`);
    }
  },
);
