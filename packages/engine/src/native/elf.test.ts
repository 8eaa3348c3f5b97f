import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { problemOfElf } from "./elf.js";

const cutOff = "is no whole library: install it again";

test.runIf(process.platform === "linux")("a program of this system is whole, and any beginning of it is not", () => {
  const program = readFileSync("/bin/ls");
  expect(problemOfElf(program, process.arch)).toBe(undefined);
  for (const share of [0, 0.01, 0.5, 0.99]) {
    expect(problemOfElf(program.subarray(0, Math.floor(share * program.length)), process.arch)).toBe(cutOff);
  }
  expect(problemOfElf(program.subarray(0, -1), process.arch)).toBe(cutOff);
});

test.runIf(process.platform === "linux")("a program of another processor is none of this one", () => {
  const program = readFileSync("/bin/ls");
  for (const machine of [3, 40, 243, process.arch === "x64" ? 183 : 62]) {
    program.writeUInt16LE(machine, 18);
    expect(problemOfElf(program, process.arch)).toBe(`is for another processor than ${process.arch}`);
  }
});

test("what is not ELF of 64 bits is not whole", () => {
  expect(problemOfElf(new Uint8Array(1000), "x64")).toBe(cutOff);
  const narrow = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, ...new Array(100).fill(0)]);
  expect(problemOfElf(narrow, "x64")).toBe(cutOff);
});
