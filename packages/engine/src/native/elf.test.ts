import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isWholeElf } from "./elf.js";

test.runIf(process.platform === "linux")("a program of this system is whole, and any beginning of it is not", () => {
  const program = readFileSync("/bin/ls");
  expect(isWholeElf(program)).toBe(true);
  for (const share of [0, 0.01, 0.5, 0.99]) {
    expect(isWholeElf(program.subarray(0, Math.floor(share * program.length)))).toBe(false);
  }
  expect(isWholeElf(program.subarray(0, -1))).toBe(false);
});

test("what is not ELF of 64 bits is not whole", () => {
  expect(isWholeElf(new Uint8Array(1000))).toBe(false);
  expect(isWholeElf(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, ...new Array(100).fill(0)]))).toBe(false);
});
