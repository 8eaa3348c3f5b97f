import { strToU8 } from "fflate";
import { describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../src/index.js";
import { isSafetensors } from "../src/safetensors/safetensors.js";
import { randomModel } from "./models.js";

/** The header of a file: the names of its arrays, and what is said beside them. */
function headerOf(bytes: Uint8Array): Record<string, unknown> & { __metadata__: Record<string, string> } {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
}

/** A file with a header of one's own before its arrays. */
function withHeader(header: string, arrays: Uint8Array): Uint8Array {
  const json = strToU8(header);
  const bytes = new Uint8Array(8 + json.length + arrays.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(arrays, 8 + json.length);
  return bytes;
}

const model = randomModel({ vocabularySize: 5, window: 6, units: [3], dropout: 0.25 });
const parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

test.each([
  ["of one width are the layers of one nn.LSTM", [3, 3], ["lstm.%_l0", "lstm.%_l1"]],
  ["of several widths are a module each, which one nn.LSTM cannot have", [4, 3], ["lstm.0.%_l0", "lstm.1.%_l0"]],
])("LSTM layers %s", (_, units, layers) => {
  const written = writeSafetensors(randomModel({ vocabularySize: 5, window: 6, units, dropout: 0 }));
  const { __metadata__, ...arrays } = headerOf(written);
  const names = layers.flatMap((layer) => parts.map((part) => layer.replace("%", part)));
  expect(Object.keys(arrays).sort()).toEqual([...names, "dense.bias", "dense.weight"].sort());
  expect(__metadata__.format).toBe("pt");
});

describe("what the metadata say of the window and the dropout", () => {
  const bytes = writeSafetensors(model);
  const header = headerOf(bytes);
  const arrays = bytes.subarray(8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)));
  const said = (charlstm_window: string, charlstm_dropout: string) => {
    const metadata = { ...header.__metadata__, charlstm_window, charlstm_dropout };
    const { architecture, warnings } = readSafetensors(
      withHeader(JSON.stringify({ ...header, __metadata__: metadata }), arrays),
    );
    return [architecture.window, architecture.dropout, warnings.length];
  };

  test("is taken where it can be so", () => {
    expect(said("6", "0.25")).toEqual([6, 0.25, 0]);
    expect(said("1", "0.999")).toEqual([1, 0.999, 0]);
    expect(said("6", "0")).toEqual([6, 0, 0]);
  });

  test.each(["0", "-6", "6.5", "long", "1e300"])("is no window where it is %s: 60 are assumed, and said", (window) => {
    expect(said(window, "0.25")).toEqual([60, 0.25, 1]);
  });

  test.each(["-0.5", "1", "7", "much", "NaN"])("is no dropout where it is %s: there is none", (dropout) => {
    expect(said("6", dropout)).toEqual([6, 0, 0]);
  });
});

test("a file under another name is known by a length and as much text between braces", () => {
  const arrays = new Uint8Array(16);
  const isOne = (header: string) => isSafetensors("weights", withHeader(header, arrays));
  expect(isOne('{"a": 1}')).toBe(true);
  expect(isOne('{"a": 1}   ')).toBe(true);
  expect(isOne('{"a": 1]')).toBe(false);
  expect(isOne('["a", "b"]')).toBe(false);
  const beyond = withHeader('{"a": 1}', arrays);
  beyond[0] = 200;
  expect(isSafetensors("weights", beyond)).toBe(false);
  expect(isSafetensors("weights.SAFETENSORS", arrays)).toBe(true);
});
