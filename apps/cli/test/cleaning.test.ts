import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { invoke } from "./invoke.js";
import { tinyFlags } from "./texts.js";

const START = "*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\r\n\r\n";
const END = "\r\n*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\r\nLicence\r\n";
const PARAGRAPH =
  "The Keeper of the lamp came down the quay every evening with his can of oil,\r\n" +
  "and nobody had ever seen him late; children set their games by him, they say.\r\n\r\n";
const table = "Name and place of the lamp      12   13   14\r\nThe quay, and the harbour there 22   23   24\r\n\r\n";

describe("--unwrap and --fold-case", () => {
  const flags = ["--unwrap", "--fold-case"];

  test("of corpus join the lines of prose, and no table's, in small letters", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "lamp.txt"), START + PARAGRAPH + table + PARAGRAPH + END);
    expect((await invoke(["corpus", "lamp.txt", ...flags, "--out", "clean.txt"], { folder })).code).toBe(0);
    const text = readFileSync(join(folder, "clean.txt"), "utf8");
    expect(text).toContain("with his can of oil, and nobody had ever");
    expect(text).toContain("12   13   14\nthe quay");
    expect(text).toBe(text.toLowerCase());
  });

  test("of train are recorded, and a resumed run and evaluate follow", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "lamp.txt"), START + PARAGRAPH.repeat(30) + END);
    const trained = await invoke(["train", "lamp.txt", ...tinyFlags, ...flags, "--out", "run"], { folder });
    expect([trained.code, trained.stderr]).toEqual([0, expect.not.stringContaining("[")]);
    const record = JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8"));
    expect(record.corpus.cleaning).toEqual({ unwrap: true, foldCase: true });
    const resumed = await invoke(["train", "--resume", "run", "--epochs", "3"], { folder });
    expect(resumed.code).toBe(0);
    const evaluated = await invoke(["evaluate", "run", "--json", "--sample-length", "0"], { folder });
    expect(evaluated.code).toBe(0);
    // The same text by name, cleaned the same way: it has no character that the model lacks.
    const named = await invoke(["evaluate", "run", "lamp.txt", "--json", "--sample-length", "0"], { folder });
    expect([named.code, named.stderr]).toEqual([0, expect.not.stringContaining("UNKNOWN")]);
  });
});

test("--encoding reads a file without a header, and names that nobody knows are refused", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "privet.txt"), Buffer.from("cff0e8e2e5f22c20eceef0e52e0a", "hex"));
  const read = await invoke(["corpus", "privet.txt", "--encoding", "CP-1251", "--out", "clean.txt"], { folder });
  expect(read.code).toBe(0);
  expect(readFileSync(join(folder, "clean.txt"), "utf8")).toBe("Привет, море.\n");
  const refused = await invoke(["corpus", "privet.txt", "--encoding", "klingon"], { folder });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--encoding is "klingon"');
});

test("--clean-unmarked cleans a text that has no marker", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "notes.txt"), "The _lamp_ was out.\n");
  expect((await invoke(["corpus", "notes.txt"], { folder })).stderr).toContain("marks like _italics_ (line 1) stay");
  await invoke(["corpus", "notes.txt", "--out", "clean.txt", "--clean-unmarked"], { folder });
  expect(readFileSync(join(folder, "clean.txt"), "utf8")).toBe("The lamp was out.\n");
});

test("a text above 100 MiB loses header, licence and carriage returns; what needs all of it is refused", async () => {
  const folder = temporaryFolder();
  const file = openSync(join(folder, "large.txt"), "w");
  const part = PARAGRAPH.repeat(6_000);
  const parts = Math.ceil((101 * 2 ** 20) / part.length);
  writeSync(file, START);
  for (let index = 0; index < parts; index++) writeSync(file, part);
  writeSync(file, END);
  closeSync(file);
  const { code, stdout, stderr } = await invoke(["corpus", "large.txt", "--json"], { folder });
  const plain = PARAGRAPH.replaceAll("\r\n", "\n").length;
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({
      // The lines that are left blank between the markers and the text stay.
      characters: plain * 6_000 * parts + 2,
      vocabulary: new Set(PARAGRAPH.replaceAll("\r", "")).size,
      recipe: "none",
      encoding: "utf-8",
    }),
  ]);
  expect(stderr).toContain("header and licence are cut");
  const refused = await invoke(["corpus", "large.txt", "--unwrap"], { folder });
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining("--unwrap is for texts of up to 100 MiB"),
  ]);
  // The end of the text, which a run was trained on, is measured as any other's.
  const few = ["--units", "8", "--max-steps", "1", "--held-out", "0.00001", "--sample-length", "10", "--quiet"];
  const trained = await invoke(["train", "large.txt", ...few, "--out", "run"], { folder });
  expect([trained.code, trained.stderr]).toEqual([0, expect.stringContaining("report: ")]);
  const evaluated = await invoke(["evaluate", "run", "--sample-length", "0", "--json"], { folder });
  expect([evaluated.code, JSON.parse(evaluated.stdout)]).toEqual([
    0,
    expect.objectContaining({ split: "last 0.001 %", characters: expect.closeTo(plain * 6_000 * parts * 1e-5, -1) }),
  ]);
}, 300_000);
