// Sizes, rates and scripts at the edges: each trains a few steps and writes, or is refused by an error that says why.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { command, type Outcome } from "./invoke.js";

const small = {
  "--units": "8",
  "--window": "8",
  "--batch": "4",
  "--max-steps": "4",
  "--sample-length": "5",
  "--temperatures": "1",
  "--threads": "1",
};

/** Trains on a text with some flags; the folder then holds `book.txt` and the run `out`. */
async function trainOn(text: string, flags: Readonly<Record<string, string>>): Promise<Outcome & { folder: string }> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "book.txt"), text);
  const all = Object.entries({ ...small, ...flags }).flat();
  return { folder, ...(await command(folder, "train", "book.txt", "--out", "out", "--json", ...all)) };
}

const prose = "The cat sat on the mat, and then it went home to sleep by the fire. ".repeat(10);
const chinese = Array.from({ length: 5000 }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 1733) % 5000)));

const good: [string, string, Record<string, string>?][] = [
  ["a learning rate of 1e-12", prose, { "--learning-rate": "1e-12" }],
  ["one character over and over", "a".repeat(500)],
  ["two characters", "abba".repeat(100)],
  ["5,000 Chinese characters", chinese.join("").repeat(2)],
  ["emoji in sequences and combining marks", "👩‍👩‍👧‍👦 é ạ̈ 🏳️‍🌈 नमस्ते 👍🏽 ".repeat(30)],
  ["text from right to left", "בראשית ברא אלהים את השמים ואת הארץ. \u202bمرحبا بالعالم\u202c ".repeat(10)],
  ["one unit", prose, { "--units": "1" }],
  ["a batch larger than the text", prose, { "--batch": "100000" }],
  ["a text one character longer than a window", "abcdefghi", {}],
  ["a window of one character", prose, { "--window": "1" }],
];

describe.each(["sequence", "window"])("with the %s objective", (objective) => {
  test.each(good)("%s: trains a few steps and writes", async (_, text, flags = {}) => {
    const { code, stdout, stderr, folder } = await trainOn(text, { "--objective": objective, ...flags });
    expect(stderr).not.toMatch(/NaN|undefined/);
    expect(code).toBe(0);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const steps = events.filter(({ type }) => type === "step-end");
    expect(steps.length).toBeGreaterThan(0);
    for (const { loss } of steps) expect(loss).toSatisfy(Number.isFinite);

    const [prompt] = text.normalize("NFC");
    const written = await command(folder, "generate", "out", "--prompt", prompt!, "--length", "20");
    expect(written.code).toBe(0);
    const characters = [...written.stdout];
    expect(characters.length).toBe(1 + 20 + 1); // the prompt before, a newline after
    for (const character of characters.slice(0, -1)) expect(text.normalize("NFC")).toContain(character);
  });

  test("a learning rate of 1000 lets the loss diverge, which is an error that says what to do", async () => {
    const { code, stderr } = await trainOn(prose, {
      ...{ "--objective": objective, "--learning-rate": "1000", "--warmup-steps": "0" },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/DIVERGED/);
    expect(stderr).toMatch(/lower learning rate/);
  });

  test("a text no longer than a window is refused, and nothing is written", async () => {
    const { code, stderr, folder } = await trainOn("abcdefgh", { "--objective": objective });
    expect(code).toBe(1);
    expect(stderr).toMatch(/8 characters.*at least 9/s);
    expect(readdirSync(folder)).toEqual(["book.txt"]);
  });
});

// 2,048 units begin with an orthogonal matrix that takes half a minute: `pnpm --filter @charlstm/reliability units --units 2048`.
const widest = process.env.CHARLSTM_UNITS ?? "512";

test(`${widest} units train a step and write`, { timeout: 900_000 }, async () => {
  const { code, folder } = await trainOn(prose, {
    ...{ "--units": widest, "--batch": "1", "--window": "2", "--max-steps": "1", "--optimizer": "sgd" },
  });
  expect(code).toBe(0);
  expect((await command(folder, "generate", "out", "--length", "2")).code).toBe(0);
});

test.each([
  ["--units", "0"],
  ["--units", "1e9"],
  ["--batch", "0"],
  ["--window", "-1"],
  ["--learning-rate", "0"],
  ["--learning-rate", "1e999"],
  ["--held-out", "1"],
])("%s %s is wrong usage", async (flag, value) => {
  const { code, stderr } = await trainOn(prose, { [flag]: value });
  expect(code).toBe(2);
  expect(stderr).toContain(flag);
});
