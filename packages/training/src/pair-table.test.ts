import fc from "fast-check";
import { expect, test } from "vitest";
import { PairTable } from "./pair-table.js";

test("pairs are numbered in the order in which they come, however many, and found again", () => {
  const number = fc.oneof(fc.nat(3), fc.nat(2 ** 31 - 2));
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number)), (pairs) => {
      const table = new PairTable();
      const numbers = new Map<string, number>();
      for (const [first, second] of pairs) {
        const name = `${first} ${second}`;
        expect(table.find(first, second)).toBe(numbers.get(name) ?? -1);
        if (!numbers.has(name)) numbers.set(name, numbers.size);
        expect(table.add(first, second)).toBe(numbers.get(name));
        expect(table.size).toBe(numbers.size);
      }
    }),
  );
});

test("it grows, also over pairs that come to lie where others are", () => {
  const table = new PairTable();
  for (let first = 0; first < 3000; first++) expect(table.add(first, first % 7)).toBe(first);
  for (let first = 0; first < 3000; first++) {
    expect(table.find(first, first % 7)).toBe(first);
    expect(table.find(first, (first % 7) + 1)).toBe(-1);
  }
  expect(table.size).toBe(3000);
});

test("pairs that share a number are told apart by the other, though many come to lie in one place", () => {
  const table = new PairTable();
  for (let other = 0; other < 400; other++) {
    expect([table.find(7, other), table.add(7, other)]).toEqual([-1, 2 * other]);
    expect([table.find(other + 8, 3), table.add(other + 8, 3)]).toEqual([-1, 2 * other + 1]);
  }
});
