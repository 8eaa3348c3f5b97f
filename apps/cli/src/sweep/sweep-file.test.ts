import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { readSweepFile } from "./sweep-file.js";

function fileOf(given: unknown): string {
  const path = join(temporaryFolder(), "sweep.json");
  writeFileSync(path, typeof given === "string" ? given : JSON.stringify(given));
  return path;
}

const read = (given: unknown) => readSweepFile(fileOf(given));

test("a sweep file says what flags say, a book alone or several, each a text or a list that is read as one", async () => {
  const top = { preset: "quick", trials: 3, seed: 0, halving: false, parallel: 1 };
  const settings = { units: [64, [128, 64]], dropout: "0:0.4", optimizer: "adam" };
  expect(await read({ ...top, books: ["a.txt", ["b.txt", "1342"]], settings })).toEqual({
    books: [["a.txt"], ["b.txt", "1342"]],
    flags: {
      ...top,
      units: { kind: "list", values: [[64], [128, 64]] },
      dropout: { kind: "range", from: 0, to: 0.4, isLog: false },
      optimizer: { kind: "list", values: ["adam"] },
    },
  });
  expect(await read({ books: "a.txt" })).toEqual({ books: [["a.txt"]], flags: {} });
  expect(await read({})).toStrictEqual({ books: [], flags: {} });
});

test.each<[given: object, problem: string]>([
  [{ book: "a" }, "book is none of its names (books, preset, trials, seed, halving, parallel, settings)"],
  [{ preset: "quickest" }, 'preset is "quickest", it has to be notebook, quick, large'],
  [{ preset: "toString" }, 'preset is "toString", it has to be'],
  [{ trials: 0 }, "trials is 0, it has to be a whole number, 1 or more"],
  [{ trials: 1.5 }, "trials is 1.5, it has to be a whole number, 1 or more"],
  [{ seed: -1 }, "seed is -1, it has to be a whole number, 0 or more"],
  [{ parallel: "2" }, 'parallel is "2", it has to be a whole number, 1 or more'],
  [{ halving: 1 }, "halving is 1, it has to be true or false"],
  [{ settings: [] }, "settings is [], it has to be an object of settings with their values"],
  [{ settings: null }, "settings is null, it has to be an object"],
  [{ settings: { dropout: 1.5 } }, "settings.dropout: 1.5 has to be a number"],
  [{ settings: { heldOut: 0.2 } }, "settings.heldOut is the same for all trials: give it as a flag"],
  [{ settings: { toString: 1 } }, "settings.toString is no setting (epochs, units, "],
  [{ books: ["a", []] }, "books[1] is [], it has to be a book's name or a list of names"],
  [{ books: [["a", 7]] }, 'books[0] is ["a",7], it has to be'],
  [{ books: 1342 }, "books[0] is 1342, it has to be"],
])("%j is refused by name", async (given, problem) => {
  const path = fileOf(given);
  const error = await readSweepFile(path).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "BAD_USAGE" });
  const { message } = error as Error;
  expect(message).toContain(`${path} is not a sweep that can be run: ${problem}`);
  expect(message).not.toContain("; ");
});

test("all that is wrong is told at once", async () => {
  await expect(read({ trials: 0, halving: "yes", settings: { batch: "x,1.5" } })).rejects.toThrow(
    /run: trials is 0, .*; halving is "yes", .*; settings\.batch: "x" has to be .*; settings\.batch: "1\.5" has to be /,
  );
});

test("a file that holds no object is refused, and one that is not there is an error of the disk", async () => {
  await expect(read("{")).rejects.toMatchObject({
    code: "BAD_USAGE",
    cause: expect.any(SyntaxError),
    message: expect.stringContaining("is no JSON: "),
  });
  for (const given of ["[1]", "null", "7"])
    await expect(read(given)).rejects.toMatchObject({
      code: "BAD_USAGE",
      message: expect.stringMatching(
        new RegExp(`holds ${given.replace("[", "\\[")}, it has to be an object of books, `),
      ),
    });
  await expect(read(JSON.stringify(new Array(100).fill("word")))).rejects.toThrow(/holds .{40}, it has/);
  await expect(readSweepFile(join(temporaryFolder(), "none.json"))).rejects.toMatchObject({ code: "ENOENT" });
});
