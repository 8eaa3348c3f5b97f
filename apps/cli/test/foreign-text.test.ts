// Text that others wrote, on its way to a terminal: titles, names in files, words of the model.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { invoke } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const hostile = "\u001b]0;owned\u0007\u009b2J\u202e";
const shown = "\\x1b]0;owned\\x07\\x9b2J\\u202e";

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const raw = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/;

function writeHostileBook(folder: string): void {
  const text = readFileSync(writeBook(folder), "utf8");
  const head = `Title: A ${hostile} book\nAuthor: ${hostile}\n\n*** START OF THE PROJECT GUTENBERG EBOOK A ***\n\n`;
  writeFileSync(join(folder, "book.txt"), `${head}${text}\n\n*** END OF THE PROJECT GUTENBERG EBOOK A ***\n`);
}

test("a title and an author cannot speak to the terminal, in any report or as JSON", async () => {
  const folder = temporaryFolder();
  writeHostileBook(folder);
  const plain = await invoke(["corpus", "book.txt"], { folder });
  expect(plain.stdout).toContain(shown);
  const json = await invoke(["corpus", "book.txt", "--json"], { folder });
  expect(JSON.parse(json.stdout).title).toContain("\u009b2J\u202e");
  const train = await invoke(["train", "book.txt", ...tinyFlags, "--max-steps", "1"], { folder });
  expect(train.stderr).toContain(`A ${shown} book: `);
  for (const { code, stdout, stderr } of [plain, json, train]) {
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(raw);
  }
});

test("names on the command line, of files and in a lock cannot either", async () => {
  const folder = temporaryFolder();
  writeBook(folder);
  mkdirSync(join(folder, "run"));
  const holder = { process: 1, host: `elsewhere${hostile}`, since: `now\n${hostile}` };
  writeFileSync(join(folder, "run", "run.lock"), JSON.stringify(holder));
  for (const argv of [
    ["train", "book.txt", ...tinyFlags, "--out", "run"],
    ["train", `${hostile}.txt`],
    [`${hostile}`],
    ["train", `--${hostile}`],
    ["generate", `${hostile}`],
    ["import", `${hostile}.h5`, "--debug"],
  ]) {
    const { code, stdout, stderr } = await invoke(argv, { folder });
    expect(code).not.toBe(0);
    expect(stdout + stderr).not.toMatch(raw);
  }
  expect(hostname()).not.toContain(hostile);
});

test("a server's status line cannot either", async () => {
  const { createServer } = await import("node:net");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.end(`HTTP/1.1 404 N${hostile}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }).listen(0, "127.0.0.1");
  try {
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as import("node:net").AddressInfo;
    const folder = temporaryFolder();
    const env = { CHARLSTM_CACHE: join(folder, "cache"), XDG_CACHE_HOME: join(folder, "cache") };
    const { code, stdout, stderr } = await invoke(["corpus", `http://127.0.0.1:${port}/a.txt`], { folder, env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).not.toMatch(raw);
  } finally {
    server.close();
  }
});

test("a model's own words are whole in a pipe, and harmless on a terminal", async () => {
  const folder = temporaryFolder();
  const words = readFileSync(writeBook(folder), "utf8").replaceAll(" the ", " \u001b[31mthe ");
  writeFileSync(join(folder, "log.txt"), words);
  const train = await invoke(["train", "log.txt", ...tinyFlags, "--out", "run"], { folder });
  expect(train.code).toBe(0);
  expect(train.stderr).not.toMatch(raw);
  const argv = ["generate", "run", "--length", "60", "--seed", "1", "--prompt", "\u001b[31mred"];
  const piped = await invoke(argv, { folder });
  expect(piped.stdout).toContain("\u001b[31mred");
  const terminal = await invoke(argv, { folder, isTerminal: true });
  expect(terminal.stdout).toContain("\\x1b[31mred");
  expect(terminal.stdout).not.toMatch(raw);
  const shaded = await invoke([...argv, "--show-probabilities"], { folder, isTerminal: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the program's own colours are taken away first
  expect(shaded.stdout.replaceAll(/\x1b\[(48;5;\d+|0)m/g, "")).not.toMatch(raw);
  const evaluated = await invoke(["evaluate", "run", "log.txt", "--sample-length", "200"], { folder });
  expect(evaluated.stdout).not.toMatch(raw);
  renameSync(join(folder, "run"), join(folder, `run${"\u202e"}`));
  const { stdout } = await invoke(["export", `run${"\u202e"}`, "--out", `m${"\u202e"}.h5`], {
    folder,
    isTerminal: true,
  });
  expect(stdout).not.toMatch(raw);
});
