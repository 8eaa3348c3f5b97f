// A model or a run from elsewhere names its text: what is opened of that, and what is not.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createDiskStore } from "@charlstm/model/checkpoint";
import { temporaryFolder } from "@charlstm/testing";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { finishedRun } from "./finished-run.js";
import { command } from "./invoke.js";

const runFolder = finishedRun();

beforeEach(() => {
  const home = temporaryFolder();
  for (const name of ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"]) vi.stubEnv(name, home);
  for (const name of ["http_proxy", "HTTP_PROXY"]) vi.stubEnv(name, undefined);
  return () => void vi.unstubAllEnvs();
});

/** A server of one book on loopback, and how often it was asked. */
async function serveBook(text: string): Promise<{ address: string; requests: () => number }> {
  let count = 0;
  const server = createServer((_, response) => {
    count++;
    response.writeHead(200, { "content-type": "text/plain" }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/book.txt`, requests: () => count };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A checkpoint, `model`, and a run, `run`, that say this of their text: as their maker would write it, checksums right. */
async function recording(facts: { book?: unknown; corpus?: unknown }): Promise<string> {
  const folder = runFolder();
  const { metadata, ...checkpoint } = await createDiskStore(join(folder, "run", "checkpoints")).load("epoch-0002");
  const { prompt } = metadata as { prompt: string };
  await createDiskStore(folder).save("model", { ...checkpoint, metadata: { prompt, ...facts } } as never);
  const path = join(folder, "run", "run.json");
  const record = JSON.parse(readFileSync(path, "utf8"));
  const corpus = facts.corpus ?? { ...record.corpus, sha256: undefined };
  writeFileSync(path, `${JSON.stringify({ ...record, ...facts, corpus }, null, 2)}\n`);
  return folder;
}

const evaluateModel = (folder: string, ...more: string[]) =>
  command(folder, "evaluate", "model", ...more, "--sample-length", "0");
const resumeRun = (folder: string, ...more: string[]) =>
  command(folder, "train", ...more, "--resume", "run", "--epochs", "3");

const ways = [
  ["evaluate", evaluateModel, (word: string) => `charlstm evaluate model ${word}`],
  ["train --resume", resumeRun, (word: string) => `charlstm train ${word} --resume run`],
] as const;

describe.each(ways)("%s", (_, open, commandFor) => {
  test("fetches no address that a file names, tells the command that would, and does so when it is given", async () => {
    const text = readFileSync(join(runFolder(), "book.txt"), "utf8");
    const { address, requests } = await serveBook(text);
    const folder = await recording({ book: address, corpus: { sha256: sha256(text), textSha256: sha256(text) } });
    const refused = await open(folder);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `is not fetched because a file names it: name it, as in: ${commandFor(address)} [BOOK_NEEDED]`,
    );
    expect(requests()).toBe(0);
    expect((await open(folder, address)).code).toBe(0);
    expect(requests()).toBe(1);
    expect((await open(folder)).code).toBe(0); // now from the cache
    expect(requests()).toBe(1);
  });

  test("takes another text from the cache for what it is", async () => {
    const { address, requests } = await serveBook("Another book, which the user fetched some day.\n".repeat(50));
    const folder = await recording({ book: address, corpus: { sha256: "0".repeat(64) } });
    await command(folder, "corpus", address);
    const { code, stderr } = await open(folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is no longer the text that this was trained on .* \[CORPUS_CHANGED\]/);
    expect(requests()).toBe(1);
  });

  test("reads no file but the one that it was trained on", async () => {
    const book = join(temporaryFolder(), "notes.txt");
    writeFileSync(book, "Private notes, once a day.\n".repeat(90));
    const { code, stdout, stderr } = await open(await recording({ book, corpus: { sha256: "0".repeat(64) } }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`name the text to take, as in: ${commandFor(book)} [CORPUS_CHANGED]`);
  });

  test.each<[string, unknown, string]>([
    ["a number of JSON", 1342, "BOOK"],
    ["an object", { path: "/etc/passwd" }, "BOOK"],
    ["no letters", "", "BOOK"],
    ["the standard input", "-", "-"],
    ["another protocol", "ftp://127.0.0.1/book.txt", "BOOK"],
    ["a path from anywhere", "book.txt", "BOOK"],
    ["a flag", "--out=/tmp/x", "BOOK"],
    ["a share of Windows", String.raw`\\127.0.0.1\share\book.txt`, "BOOK"],
    ["a share with slashes", "//127.0.0.1/share/book.txt", "BOOK"],
    ["a file that is not there", "/no/such/book.txt", "/no/such/book.txt"],
    ["a folder", import.meta.dirname, import.meta.dirname],
    ["a device without end", "/dev/zero", "/dev/zero"],
    ["a book's number", "1342", "1342"],
  ])("asks for the text where the file names %s", async (_, book, word) => {
    const { code, stdout, stderr } = await open(await recording({ book, corpus: { sha256: "0".repeat(64) } }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`: name it, as in: ${commandFor(word)} [BOOK_NEEDED]`);
    expect(stderr).not.toContain("TypeError");
  });

  test("does not wait for a pipe that a file names", async ({ skip }) => {
    skip(process.platform === "win32", "Windows has no such pipes in folders");
    const pipe = join(temporaryFolder(), "book.txt");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const { stderr } = await open(await recording({ book: pipe, corpus: { sha256: "0".repeat(64) } }));
    expect(stderr).toContain("[BOOK_NEEDED]");
  });

  test.each([undefined, null, [], 5, { sha256: 5 }, {}])("asks for the text where the facts are %j", async (corpus) => {
    const { address, requests } = await serveBook("A book.");
    const folder = await recording({ book: address, corpus });
    await command(folder, "corpus", address);
    const { code, stderr } = await open(folder);
    expect(code).toBe(1);
    // A run's record whose facts are none is refused as a whole.
    const isNoRecord = open === resumeRun && (typeof corpus === "number" || Array.isArray(corpus));
    expect(stderr).toContain(isNoRecord ? "[NO_RUN]" : "[BOOK_NEEDED]");
    expect(requests()).toBe(1);
  });
});

test("a model that does not say what it was trained on has nothing fetched", async () => {
  const { code, stdout, stderr } = await evaluateModel(await recording({}));
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("is not recorded: name it, as in: charlstm evaluate model BOOK [BOOK_NEEDED]");
});

test("a run that was moved to another machine says which text it wants", async () => {
  const folder = runFolder();
  const moved = temporaryFolder();
  cpSync(join(folder, "run"), join(moved, "run"), { recursive: true });
  const record = join(moved, "run", "run.json");
  writeFileSync(
    record,
    readFileSync(record, "utf8").replace(/"book": ".*"/, String.raw`"book": "C:\\books\\book.txt"`),
  );
  const { code, stderr } = await command(moved, "train", "--resume", "run", "--epochs", "3");
  expect(code).toBe(1);
  expect(stderr).toContain("charlstm train BOOK --resume run");
  cpSync(join(folder, "book.txt"), join(moved, "book.txt"));
  expect((await command(moved, "train", "book.txt", "--resume", "run", "--epochs", "3")).code).toBe(0);
});
