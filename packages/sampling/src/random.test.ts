import { expect, test } from "vitest";
import { createRandom } from "./random.js";

test("the numbers are those of the reference xoshiro128**, two outputs each", () => {
  // The first ten outputs of https://prng.di.unimi.it/xoshiro128starstar.c from the state 1, 2, 3, 4.
  const reference = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ];
  const random = createRandom([1, 2, 3, 4]);
  for (let index = 0; index < reference.length; index += 2) {
    const bits = (BigInt(reference[index]! >>> 5) << 26n) | BigInt(reference[index + 1]! >>> 6);
    expect(random() * 2 ** 53).toBe(Number(bits));
  }
});

test("a seed gives the same numbers everywhere and for ever", () => {
  const random = createRandom(7);
  expect([random(), random()]).toEqual([0.421327862767783, 0.9638271593867074]);
  expect(random.state).toEqual([3764882334, 1679160291, 2634114850, 1502741724]);
});

test("a saved state is a snapshot that later numbers do not change", () => {
  const random = createRandom(1);
  const saved = random.state;
  const first = random();
  random();
  expect(createRandom(saved)()).toBe(first);
});

test("seeds above 2^32 and negative seeds are seeds of their own", () => {
  const firsts = [1, -1, 1 + 2 ** 32, 1 + 2 ** 33, 1 - 2 ** 32, 0].map((seed) => createRandom(seed)());
  expect(new Set(firsts).size).toBe(firsts.length);
});

test("the numbers fill [0, 1) evenly", () => {
  const random = createRandom(3);
  const counts = new Array<number>(16).fill(0);
  for (let index = 0; index < 64_000; index++) counts[Math.floor(random() * 16)]! += 1;
  const statistic = counts.reduce((sum, count) => sum + (count - 4000) ** 2 / 4000, 0);
  expect(statistic).toBeLessThan(44.3); // chi-square, 15 degrees of freedom, 99.99 %
});
