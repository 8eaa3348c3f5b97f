import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { temporaryFolder } from "@charlstm/testing";
import crc32c from "crc-32/crc32c.js";
import { expect, test } from "vitest";
import { createEventFile } from "./tensorboard.js";

/** Reads TFRecords back, checking each checksum by TFRecord's own definition. */
function readRecords(bytes: Buffer): Buffer[] {
  const unmask = (masked: number) => {
    const rotated = (masked - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmask(bytes.readUInt32LE(at + 8))).toBe(crc32c.buf(bytes.subarray(at, at + 8)) >>> 0);
    expect(unmask(bytes.readUInt32LE(at + 12 + length))).toBe(crc32c.buf(data) >>> 0);
    records.push(data);
    at += 16 + length;
  }
  return records;
}

test("an event file holds its version and then one record a step, each with its checksums", async () => {
  const folder = temporaryFolder();
  const file = await createEventFile(folder, () => 1_700_000_000_500);
  await file.write(7, { "loss/train": 1.5, learning_rate: 0.25 });
  const [name] = readdirSync(folder);
  expect(name).toMatch(/^events\.out\.tfevents\.1700000000\./);
  const [version, step] = readRecords(readFileSync(join(folder, name!)));
  expect(version!.toString("latin1")).toContain("brain.Event:2");
  const reader = new BinaryReader(step!);
  expect([reader.tag(), reader.double()]).toEqual([[1, 1], 1_700_000_000.5]);
  expect([reader.tag(), Number(reader.int64())]).toEqual([[2, 0], 7]);
  expect(reader.tag()).toEqual([5, 2]);
  const summary = new BinaryReader(reader.bytes());
  const values: [string, number][] = [];
  while (summary.pos < summary.len) {
    summary.tag();
    const value = new BinaryReader(summary.bytes());
    value.tag();
    const tag = value.string();
    value.tag();
    values.push([tag, value.float()]);
  }
  expect(values).toEqual([
    ["loss/train", 1.5],
    ["learning_rate", 0.25],
  ]);
});

test("the checksum is CRC-32C, by its published check value", () => {
  expect(crc32c.buf(Buffer.from("123456789")) >>> 0).toBe(0xe3069283);
});
